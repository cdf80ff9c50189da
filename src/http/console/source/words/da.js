import region from "./region.da.js";
import shell from "./shell.da.js";

export default { ...shell, ...region };
