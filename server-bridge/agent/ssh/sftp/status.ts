import { getSystemErrorMap } from 'node:util'
import { errorCode } from '../../../lib/to-error.ts'
import { encodePacket, packetType, string, uint32 } from '../../../lib/sftp-packets.ts'

/** Status codes of version 3 (draft-ietf-secsh-filexfer-02, section 7). */
export const statusCode = {
  ok: 0,
  eof: 1,
  noSuchFile: 2,
  permissionDenied: 3,
  failure: 4,
  badMessage: 5,
  unsupported: 8,
} as const
export type StatusCode = (typeof statusCode)[keyof typeof statusCode]

/** Which of the few codes an error of the system is; the same choice as OpenSSH's server makes. */
const codes: Readonly<Record<string, StatusCode>> = {
  ENOENT: statusCode.noSuchFile,
  ENOTDIR: statusCode.noSuchFile,
  EBADF: statusCode.noSuchFile,
  ELOOP: statusCode.noSuchFile,
  EPERM: statusCode.permissionDenied,
  EACCES: statusCode.permissionDenied,
  EFAULT: statusCode.permissionDenied,
  ENAMETOOLONG: statusCode.badMessage,
  EINVAL: statusCode.badMessage,
  ENOSYS: statusCode.unsupported,
  EOPNOTSUPP: statusCode.unsupported,
  ENOTSUP: statusCode.unsupported,
}

/** A request that is answered with a status of its own choice. */
export class SftpStatusError extends Error {
  override readonly name = 'SftpStatusError'
  readonly status: StatusCode
  constructor(status: StatusCode, message: string) {
    super(message)
    this.status = status
  }
}

/** The answer to a request that has nothing to hand over, or has failed. */
export function encodeStatus(id: number, status: StatusCode, message: string): Buffer {
  return encodePacket(packetType.status, uint32(id), uint32(status), string(message), string('en'))
}

/** The answer to a request that threw. */
export function encodeFailure(id: number, error: unknown): Buffer {
  if (error instanceof SftpStatusError) return encodeStatus(id, error.status, error.message)
  const code = errorCode(error)
  if (code === undefined) return encodeStatus(id, statusCode.failure, 'Failure')
  return encodeStatus(id, codes[code] ?? statusCode.failure, systemMessage(code))
}

const systemMessages = new Map(getSystemErrorMap().values())

/** The system's words without paths: the client knows what it asked for. */
function systemMessage(code: string): string {
  return systemMessages.get(code) ?? code
}
