/**
 * Open-circuit voltage of a lithium-ion cell for every tenth of its charge, millivolts, at room temperature: the general profile of
 * Maxim application note 4189 ("Characterizing a Lithium-Ion Cell for Use with an OCV Based Fuel Gauge"). A given cell may differ
 * by a few percent of charge.
 */
const TENTHS_MV = [3306, 3687, 3741, 3775, 3793, 3821, 3884, 3945, 4008, 4086, 4190];

/** Four digits each, empty first. */
export const CURVE_MV = TENTHS_MV.join("");
export const TENTHS = TENTHS_MV.length - 1;
