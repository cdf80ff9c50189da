import { render } from "preact";
import { App } from "./app.js";
import { html } from "./html.js";
import { languageOf, setLanguage } from "./words.js";

setLanguage(languageOf(location.search));
render(html`<${App} />`, document.getElementById("app"));
