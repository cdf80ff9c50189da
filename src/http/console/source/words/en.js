import region from "./region.en.js";
import shell from "./shell.en.js";

export default { ...shell, ...region };
