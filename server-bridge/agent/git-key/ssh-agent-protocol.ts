import type { ParsedKey } from 'ssh2'

/** Numbers of messages (RFC draft "SSH Agent Protocol", draft-ietf-sshm-ssh-agent, section 6.1). */
const message = { failure: 5, requestIdentities: 11, identities: 12, signRequest: 13, signature: 14 } as const

/** What is signed is a challenge of some hundred bytes. */
const maxMessageBytes = 256 * 1024

/** Cuts a stream into messages; `push` answers those that are complete. @throws for one that is too long. */
export function createMessageReader(): { push(bytes: Buffer): Buffer[] } {
  let rest = Buffer.alloc(0)
  return {
    push(bytes) {
      rest = Buffer.concat([rest, bytes])
      const messages: Buffer[] = []
      while (rest.length >= 4) {
        const length = rest.readUInt32BE(0)
        if (length > maxMessageBytes) throw new Error('A message to the SSH agent is too long.')
        if (rest.length < 4 + length) break
        messages.push(rest.subarray(4, 4 + length))
        rest = rest.subarray(4 + length)
      }
      return messages
    },
  }
}

/**
 * Answers one message as an agent that has one key and nothing else: it can be asked for, and to sign with. Keys can be
 * neither added nor taken away, and anything else fails, as the protocol wants it of what an agent does not know.
 */
export async function answerMessage(request: Buffer, getKey: () => Promise<ParsedKey>): Promise<Buffer> {
  const type = request.at(0)
  try {
    if (type === message.requestIdentities) {
      const key = await getKey()
      return frame(message.identities, uint32(1), sshString(key.getPublicSSH()), sshString(key.comment))
    }
    if (type === message.signRequest) {
      const blob = readString(request, 1)
      const data = readString(request, blob.end)
      const key = await getKey()
      if (!blob.bytes.equals(key.getPublicSSH())) return frame(message.failure)
      const signature: Buffer | Error = key.sign(data.bytes)
      if (signature instanceof Error) throw signature
      return frame(message.signature, sshString(Buffer.concat([sshString(key.type), sshString(signature)])))
    }
    return frame(message.failure)
  } catch (error) {
    // The client is told no more than that, and goes on with keys of its own.
    throw new AnswerError(frame(message.failure), { cause: error })
  }
}

/** A request could not be granted; `answer` is what the client is told. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError'
  readonly answer: Buffer
  constructor(answer: Buffer, options: ErrorOptions) {
    super('The SSH agent could not grant a request.', options)
    this.answer = answer
  }
}

function frame(type: number, ...parts: Buffer[]): Buffer {
  return sshString(Buffer.concat([Buffer.from([type]), ...parts]))
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function sshString(value: Buffer | string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([uint32(bytes.length), bytes])
}

function readString(from: Buffer, at: number): { bytes: Buffer; end: number } {
  const end = at + 4 + from.readUInt32BE(at)
  if (end > from.length) throw new RangeError('A string goes on after the end of its message.')
  return { bytes: from.subarray(at + 4, end), end }
}
