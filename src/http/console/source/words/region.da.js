export default {
	"region.name": "Regionens overblik",
	"indicators.name": "Indikatorer",
	"audit.name": "Revision",
	"operator.name": "Drift",
};
