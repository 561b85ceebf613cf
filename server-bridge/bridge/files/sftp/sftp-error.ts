/** Status codes of version 3 (draft-ietf-secsh-filexfer-02, section 7). */
export const sftpStatus = {
  ok: 0,
  eof: 1,
  noSuchFile: 2,
  permissionDenied: 3,
  failure: 4,
  badMessage: 5,
  noConnection: 6,
  connectionLost: 7,
  unsupported: 8,
} as const

/** A request was answered by a status, or its connection ended. `message` is the server's: not cleaned. */
export class SftpError extends Error {
  override readonly name = 'SftpError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export function isSftpStatus(thrown: unknown, status: number): boolean {
  return thrown instanceof SftpError && thrown.status === status
}
