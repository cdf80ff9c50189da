export default {
	"region.name": "Region board",
	"indicators.name": "Indicators",
	"audit.name": "Audit",
	"operator.name": "Operations",
};
