/** What the system's proxy settings, a PAC file among them, say. */
export interface SystemProxy {
  /** The ways to an address, in the form of a PAC file's answer: `PROXY a:3128; DIRECT`. */
  resolve(url: string): Promise<string>
}
