import audit from "./audit.en.js";
import channels from "./channels.en.js";
import lists from "./lists.en.js";
import node from "./node.en.js";
import region from "./region.en.js";
import shell from "./shell.en.js";
import stay from "./stay.en.js";
import timeline from "./timeline.en.js";

export default { ...lists, ...shell, ...node, ...audit, ...region, ...stay, ...timeline, ...channels };
