/**
 * A bound in real time. The figure is what the goal says, and holds where nothing else runs (HALYARD_PROOF=1); beside other
 * tests on two cores it is widened, still far below what the fault would cost if it were not handled.
 * @param ms the goal's figure
 */
export const within = (ms: number): number => (process.env.HALYARD_PROOF === '1' ? ms : ms * 3);
