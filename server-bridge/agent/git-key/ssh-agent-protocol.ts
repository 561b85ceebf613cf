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

export interface AgentKeys {
  readonly getKey: () => Promise<ParsedKey>
  /** The SSH agent of the user's session: a message to it and its answer. */
  readonly askUsersOwn?: (request: Buffer) => Promise<Buffer>
  /** Told what went wrong where the client still gets an answer. */
  readonly onFailure: (error: unknown) => void
}

/**
 * Answers one message as an agent that has one key, and those of the user's own agent after it: a person whose keys are
 * only there must find them as in any other terminal. Keys can be neither added nor taken away, and anything else fails, as
 * the protocol wants it of what an agent does not know.
 */
export async function answerMessage(request: Buffer, keys: AgentKeys): Promise<Buffer> {
  const type = request.at(0)
  // A client that is told of a failure goes on with key files of its own.
  const failure = (error: unknown): undefined => {
    keys.onFailure(error)
    return undefined
  }
  if (type === message.requestIdentities) {
    const key = await keys.getKey().catch(failure)
    const others = await keys.askUsersOwn?.(request).then(readIdentities).catch(failure)
    if (key === undefined && others === undefined) return frame(Buffer.from([message.failure]))
    const own = key === undefined ? [] : [sshString(key.getPublicSSH()), sshString(key.comment)]
    const count = uint32((key === undefined ? 0 : 1) + (others?.count ?? 0))
    return frame(Buffer.concat([Buffer.from([message.identities]), count, ...own, ...(others?.keys ?? [])]))
  }
  if (type === message.signRequest) {
    const answer = await sign(request, keys, failure).catch(failure)
    if (answer !== undefined) return frame(answer)
  }
  return frame(Buffer.from([message.failure]))
}

async function sign(
  request: Buffer,
  { getKey, askUsersOwn }: AgentKeys,
  failure: (error: unknown) => undefined,
): Promise<Buffer | undefined> {
  const blob = readString(request, 1)
  const data = readString(request, blob.end)
  const key = await getKey().catch(failure)
  if (key === undefined || !blob.bytes.equals(key.getPublicSSH())) return askUsersOwn?.(request)
  const signature: Buffer | Error = key.sign(data.bytes)
  if (signature instanceof Error) throw signature
  const signed = sshString(Buffer.concat([sshString(key.type), sshString(signature)]))
  return Buffer.concat([Buffer.from([message.signature]), signed])
}

function readIdentities(answer: Buffer): { count: number; keys: Buffer[] } | undefined {
  if (answer.at(0) !== message.identities) return undefined
  return { count: answer.readUInt32BE(1), keys: [answer.subarray(5)] }
}

/** A message as it goes over the socket: its length, then itself. */
export function frame(body: Buffer): Buffer {
  return sshString(body)
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
