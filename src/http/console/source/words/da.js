import audit from "./audit.da.js";
import channels from "./channels.da.js";
import lists from "./lists.da.js";
import node from "./node.da.js";
import region from "./region.da.js";
import shell from "./shell.da.js";
import stay from "./stay.da.js";
import timeline from "./timeline.da.js";

export default { ...lists, ...shell, ...node, ...audit, ...region, ...stay, ...timeline, ...channels };
