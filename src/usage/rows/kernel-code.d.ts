/** The compiled kernel as base64: see `.config/kernel-plugin.mjs`. */
declare module '*/kernel.wasm' {
  const base64: string;
  export default base64;
}
