/**
 * The few globals that Node 20 and Chrome 130 share and that pure codecs need. Everything else a neutral file wants
 * must come in as an argument.
 */
declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>
}

declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean })
  decode(input?: ArrayBuffer | ArrayBufferView, options?: { stream?: boolean }): string
}

declare class URL {
  static canParse(url: string): boolean
}
