import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTranscriptionService, type TranscriptionService } from '#bridge/testing/transcription-service'
import type { DictationServiceInput } from '#ipc/dictation'
import { dictationMaxBytes, dictationPieceBytes } from '#ipc/dictation-limits'
import { startHarness, type AppHarness, type HarnessOptions } from '../../testing/app-harness.ts'
import { dictationKeyAccount } from './dictation.ts'
import { silence } from './silence.ts'

const key = 'seeded-secret-dictation-key'
const recordingId = '4dbe9fc2-4d8f-4ab5-8a5e-0c9a0a0b6d11'

let service: TranscriptionService
const harnesses: AppHarness[] = []
beforeEach(async () => {
  service = await startTranscriptionService()
})
afterEach(async () => {
  for (const harness of harnesses.splice(0)) await harness.close()
  await service.close()
})

async function start(options: HarnessOptions = {}): Promise<AppHarness> {
  const harness = await startHarness(options)
  harnesses.push(harness)
  return harness
}

const typed = (change: Partial<DictationServiceInput> = {}): DictationServiceInput => ({
  address: service.url,
  model: 'whisper-1',
  language: '',
  key: { kind: 'new', value: key },
  ...change,
})
const shown = async ({ page }: AppHarness) => {
  const watch = page.subscribe('dictation.watch', {})
  const view = await watch.next()
  watch.cancel()
  return view
}
const say = ({ page }: AppHarness) =>
  page.call('dictation.transcribe', {
    recordingId,
    at: 0,
    piece: Buffer.from(silence()).toString('base64'),
    isLast: true,
  })
const refusal = async (call: Promise<unknown>): Promise<{ code: string; message: string }> =>
  call.then(
    () => ({ code: 'none', message: '' }),
    (thrown: unknown) => (thrown as { error: { code: string; message: string } }).error,
  )

describe('the service of dictation', () => {
  it('is none at first, and then no recording is taken and no microphone opened', async () => {
    const harness = await start()
    expect(await shown(harness)).toEqual({ service: null, hasSystemDictation: false, isSeen: true })
    expect((await refusal(say(harness))).code).toBe('not_set_up')
    expect((await refusal(harness.page.call('dictation.allowMicrophone', {}))).code).toBe('not_set_up')
    expect(harness.microphone.allowed).toEqual([])
  })

  it('keeps its key in the keychain, and never tells it', async () => {
    const harness = await start()
    await harness.page.call('dictation.save', typed({ language: 'de' }))
    expect(await shown(harness)).toEqual({
      service: { address: service.url, model: 'whisper-1', language: 'de', hasKey: true },
      hasSystemDictation: false,
      isSeen: true,
    })
    expect(harness.secrets.stored.get(dictationKeyAccount)).toContain(key)
    expect(JSON.stringify(harness.page.received)).not.toContain(key)
    expect(harness.desktop.questions).toEqual([])
    await harness.page.call('dictation.turnOff', {})
    expect(harness.secrets.stored.has(dictationKeyAccount)).toBe(false)
    expect((await shown(harness)).service).toBeNull()
  })

  it('gets a recording as OpenAI has it, and what was said comes back', async () => {
    const harness = await start()
    await harness.page.call('dictation.save', typed({ language: 'de' }))
    service.says(' Guten\u202E Tag.\u0007 \n Wie geht es? ')
    expect(await say(harness)).toEqual({ text: 'Guten Tag.\nWie geht es?' })
    expect(service.heard).toEqual([
      {
        path: 'POST /v1/audio/transcriptions',
        authorization: `Bearer ${key}`,
        model: 'whisper-1',
        language: 'de',
        format: 'json',
        fileName: 'dictation.wav',
        mediaType: 'audio/wav',
        wav: { sampleRate: 16_000, channels: 1, bitsPerSample: 16, seconds: 1, peak: 0 },
      },
    ])
  })

  it('is reached at the address of its API, or of the call itself', async () => {
    const harness = await start()
    const ask = async (path: string) =>
      harness.page.call(
        'dictation.test',
        typed({ address: `${service.url}${path}`, model: '', key: { kind: 'none' } }),
      )
    for (const path of ['/', '/v1/', '/openai/v1', '/inference', '/x/audio/transcriptions?tenant=a']) {
      await ask(path)
    }
    expect(service.heard.map(({ path }) => path)).toEqual([
      'POST /v1/audio/transcriptions',
      'POST /v1/audio/transcriptions',
      'POST /openai/v1/audio/transcriptions',
      'POST /inference',
      'POST /x/audio/transcriptions?tenant=a',
    ])
    expect(service.heard[0]).toMatchObject({
      authorization: undefined,
      model: undefined,
      language: undefined,
    })
  })

  it.each(['ftp://example.com', 'not an address', 'https://me:secret@example.com', 'http:\\\\x'])(
    'is none at %j',
    async (address) => {
      const harness = await start()
      const { code, message } = await refusal(harness.page.call('dictation.save', typed({ address })))
      expect(code).toBe('address_unusable')
      expect(message).not.toContain('secret@')
      expect(harness.secrets.stored.has(dictationKeyAccount)).toBe(false)
    },
  )

  it('on another computer is confirmed in a dialog, once, before anything is kept', async () => {
    const harness = await start()
    harness.desktop.answer = 1
    const input = typed({ address: 'https://speech.example.com' })
    expect((await refusal(harness.page.call('dictation.save', input))).code).toBe('not_confirmed')
    expect((await shown(harness)).service).toBeNull()
    expect(harness.secrets.stored.has(dictationKeyAccount)).toBe(false)
    harness.desktop.answer = 0
    await harness.page.call('dictation.save', input)
    await harness.page.call('dictation.save', { ...input, model: 'large', key: { kind: 'kept' } })
    expect(harness.desktop.questions).toEqual([
      'Send what you dictate to speech.example.com?',
      'Send what you dictate to speech.example.com?',
    ])
  })

  it('gives its key to no other address', async () => {
    const harness = await start()
    await harness.page.call('dictation.save', typed())
    const elsewhere = await startTranscriptionService()
    const input = typed({ address: elsewhere.url, key: { kind: 'kept' } })
    expect((await refusal(harness.page.call('dictation.test', input))).code).toBe('key_needed')
    expect((await refusal(harness.page.call('dictation.save', input))).code).toBe('key_needed')
    await harness.page.call('dictation.save', { ...input, key: { kind: 'none' } })
    expect(harness.secrets.stored.has(dictationKeyAccount)).toBe(false)
    expect(elsewhere.heard).toEqual([])
    await elsewhere.close()
  })

  it('says that the keychain is locked', async () => {
    const harness = await start()
    await harness.page.call('dictation.save', typed())
    harness.secrets.become({ kind: 'locked', backend: 'Test Keyring' })
    expect((await refusal(say(harness))).code).toBe('keychain_locked')
    expect(service.heard).toEqual([])
  })

  it('is tested with what is typed, and nothing is kept of it', async () => {
    const harness = await start()
    const { milliseconds } = await harness.page.call('dictation.test', typed())
    expect(milliseconds).toBeGreaterThanOrEqual(0)
    expect(service.heard[0]?.wav.seconds).toBe(1)
    expect((await shown(harness)).service).toBeNull()
    expect(harness.secrets.stored.has(dictationKeyAccount)).toBe(false)
  })
})

describe('a recording', () => {
  const piecesOf = (wav: Uint8Array) =>
    Array.from({ length: Math.ceil(wav.length / dictationPieceBytes) }, (_, index) => {
      const at = index * dictationPieceBytes
      const end = Math.min(wav.length, at + dictationPieceBytes)
      const piece = Buffer.from(wav.subarray(at, end)).toString('base64')
      return { recordingId, at, piece, isLast: end === wav.length }
    })

  it('of five minutes comes in pieces, and may be handed over anew', async () => {
    const harness = await start()
    await harness.page.call('dictation.save', typed())
    const long = Buffer.concat([silence(), Buffer.alloc(16_000 * 2 * 299)])
    long.writeUInt32LE(long.length - 8, 4)
    long.writeUInt32LE(long.length - 44, 40)
    const [first, ...rest] = piecesOf(long)
    if (first === undefined) throw new Error('There are no pieces.')
    expect(await harness.page.call('dictation.transcribe', first)).toEqual({})
    expect(await harness.page.call('dictation.transcribe', first)).toEqual({})
    for (const piece of rest.slice(0, -1)) await harness.page.call('dictation.transcribe', piece)
    const last = rest.at(-1)
    if (last === undefined) throw new Error('There is one piece only.')
    expect(await harness.page.call('dictation.transcribe', last)).toEqual({ text: 'Hello' })
    expect(service.heard.map(({ wav }) => wav.seconds)).toEqual([300])
  })

  it('is not sent without its beginning, and not of another window', async () => {
    const harness = await start()
    await harness.page.call('dictation.save', typed())
    const piece = Buffer.from(silence()).toString('base64')
    await harness.page.call('dictation.transcribe', { recordingId, at: 0, piece, isLast: false })
    const other = harness.connectPage().call('dictation.transcribe', {
      ...{ recordingId, piece },
      at: silence().length,
      isLast: true,
    })
    expect((await refusal(other)).code).toBe('piece_missing')
    expect(service.heard).toEqual([])
  })

  it('has a largest size', async () => {
    const harness = await start()
    await harness.page.call('dictation.save', typed())
    const codes: string[] = []
    for (const piece of piecesOf(Buffer.alloc(dictationMaxBytes + 1))) {
      codes.push((await refusal(harness.page.call('dictation.transcribe', piece))).code)
    }
    expect(codes.at(-1)).toBe('too_large')
    expect(service.heard).toEqual([])
  })
})

describe('a service that is not what it should be', () => {
  const answers = async (odd: Parameters<TranscriptionService['answers']>[0]) => {
    const harness = await start()
    await harness.page.call('dictation.save', typed())
    service.answers(odd)
    const failure = await refusal(say(harness))
    const log = harness.logger.lines.join('')
    expect(log).not.toBe('')
    expect(`${JSON.stringify(failure)}${log}`).not.toContain(key)
    return failure
  }

  it('repeats the key in its refusal', async () => {
    const body = JSON.stringify({ error: { message: `Incorrect API key provided: ${key}.` } })
    const { code, message } = await answers({ status: 401, body })
    expect(code).toBe('service_refused')
    expect(message).toContain('does not take the key')
    expect(message).toContain('[secret]')
  })

  it.each([
    [{ detail: 'Model x is not installed.' }, 404, /no such address or model.*Model x is not installed/],
    [{ error: 'busy' }, 429, /too much to do.*busy/],
    [{ error: { message: 'y'.repeat(5000) } }, 500, /error \(500: “y{300}…”\)/],
    ['<html>Bad gateway</html>', 502, /error \(502\)/],
    [{ detail: [{ loc: ['body'] }] }, 422, /error \(422\)/],
  ])('answers %j with %d', async (body, status, words) => {
    const { code, message } = await answers({
      status,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    expect(code).toBe('service_failed')
    expect(message).toMatch(words)
  })

  it.each([
    ['a web page', { type: 'text/html', body: '<script>alert(1)</script>' }, /a web page/],
    ['no JSON', { body: 'Hello' }, /not as a service of transcription/],
    ['another shape', { body: JSON.stringify({ text: ['a'] }) }, /not as a service of transcription/],
    ['too many words', { body: JSON.stringify({ text: 'a'.repeat(100_001) }) }, /more text than can be said/],
    ['too many bytes', { body: new Uint8Array(3 * 1024 * 1024).fill(32) }, /more than 1 MiB/],
    ['a nest', { body: `{"text":${'['.repeat(200_000)}` }, /not as a service of transcription/],
  ])('answers %s', async (_, odd, words) => {
    const { code, message } = await answers(odd)
    expect(code).toBe('answer_unusable')
    expect(message).toMatch(words)
  })

  it('leads elsewhere, where nothing is sent', async () => {
    const elsewhere = await startTranscriptionService()
    const location = `${elsewhere.url}/v1/audio/transcriptions`
    const { code, message } = await answers({ status: 307, headers: { location }, body: '' })
    expect(code).toBe('service_unreachable')
    expect(message).toContain('redirects')
    expect(elsewhere.heard).toEqual([])
    await elsewhere.close()
  })

  it('is not there, or ends the connection', async () => {
    const harness = await start()
    const server = createServer((socket) => socket.destroy())
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const input = typed({ address: `127.0.0.1:${String(port)}` })
    expect((await refusal(harness.page.call('dictation.test', input))).code).toBe('service_unreachable')
    const closed = once(server, 'close')
    server.close()
    await closed
    const { code, message } = await refusal(harness.page.call('dictation.test', input))
    expect(code).toBe('service_unreachable')
    expect(message).toContain('Nothing listens at')
  })

  it('is not waited for once the user gave up', async () => {
    const harness = await start()
    await harness.page.call('dictation.save', typed())
    const release = service.hold()
    harness.page.sendRaw({
      type: 'call',
      id: 900,
      procedure: 'dictation.transcribe',
      input: { recordingId, at: 0, piece: Buffer.from(silence()).toString('base64'), isLast: true },
    })
    await expect.poll(() => service.heard.length).toBe(1)
    harness.page.sendRaw({ type: 'cancel', id: 900 })
    expect(await harness.page.answer(900)).toMatchObject({ error: { code: 'cancelled' } })
    release()
  })
})

describe('the microphone', () => {
  it('is opened for the window that asks, unless the system says no', async () => {
    const harness = await start()
    await harness.page.call('dictation.save', typed())
    await harness.page.call('dictation.allowMicrophone', {})
    expect(harness.microphone.allowed).toEqual([1])
    harness.microphone.isAllowed = false
    const { code, message } = await refusal(harness.page.call('dictation.allowMicrophone', {}))
    expect(code).toBe('microphone_refused')
    expect(message).toContain('privacy settings')
  })

  it('is not opened while no window is seen, which a page is told', async () => {
    const harness = await start()
    await harness.page.call('dictation.save', typed())
    const watch = harness.page.subscribe('dictation.watch', {})
    harness.windows.setVisible(false)
    await watch.next(({ isSeen }) => !isSeen)
    expect((await refusal(harness.page.call('dictation.allowMicrophone', {}))).code).toBe(
      'microphone_refused',
    )
    expect(harness.microphone.allowed).toEqual([])
    watch.cancel()
  })

  it('has a dictation of the system on some, which is started without a service', async () => {
    const harness = await start()
    expect((await refusal(harness.page.call('dictation.startSystemDictation', {}))).code).toBe('not_set_up')
    harness.microphone.hasSystemDictation = true
    await harness.page.call('dictation.startSystemDictation', {})
    expect(harness.microphone.systemDictations).toBe(1)
    expect((await shown(harness)).hasSystemDictation).toBe(true)
  })
})
