/** The package types its icons only in one file of two thousand; imported one by one, each is this. */
declare module 'lucide/dist/esm/icons/*.mjs' {
  const drawing: import('./kind.ts').Icon;
  export default drawing;
}
