// Which build of the module this browser runs: with SIMD, or the one that does without. Decides nothing else.

// The smallest module with a vector instruction (i8x16.splat, i8x16.popcnt).
const SIMD = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
]);

const simd = WebAssembly.validate(SIMD);
/** Name of its files, without ending. */
export const build = simd ? 'org2org_www' : 'org2org_www_plain';
/** Its glue, imported by its whole name. */
export const glue = () => (simd ? import('./org2org_www.js') : import('./org2org_www_plain.js'));
