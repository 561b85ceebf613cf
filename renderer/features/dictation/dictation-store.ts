/**
 * Dictations by the place where their text goes. They outlive the page that began them: what was said is written out, or
 * kept to be tried again, whatever is looked at meanwhile. Only one listens at a time.
 */
import { create } from 'zustand'
import { dictationMaxSeconds, dictationSampleRate } from '#ipc/dictation-limits'
import { encodeWav } from '#ipc/wav'
import { BridgeError } from '../../api/bridge-error.ts'
import { errorWords } from '../../api/error-words.ts'
import type { RpcClient } from '../../api/rpc-client.ts'
import { toast } from '../../ui/toast-store.ts'
import { MicrophoneError, openMicrophone } from './recording/open-microphone.ts'
import { sendRecording } from './recording/send-recording.ts'

export type DictationPhase =
  | { readonly kind: 'opening' }
  | { readonly kind: 'recording' }
  | { readonly kind: 'writing' }
  | {
      readonly kind: 'failed'
      readonly message: string
      /** What was said is still there, to be tried again. */
      readonly isKept: boolean
    }

export interface DictationTarget {
  readonly client: RpcClient
  readonly place: string
  /** Puts what was said where it belongs; also once the place is not shown any more. */
  readonly deliver: (text: string) => void
}

/** By place; absent: nothing is said there. */
export const useDictations = create<Readonly<Record<string, DictationPhase | undefined>>>(() => ({}))

export interface Listening {
  /** Of what was heard so far. */
  readonly seconds: number
  /** How loud it was, a tenth of a second each, 0 to 1, the last one now. */
  readonly levels: readonly number[]
}

const silent: Listening = { seconds: 0, levels: [] }
/** What the microphone hears now. */
export const useListening = create<Listening>(() => silent)

/** Tenths of a second that are shown. */
export const shownLevels = 48
/** Below it, a whole recording is the noise of a microphone that is switched off. */
const heardPeak = 0.004
const maxSamples = dictationMaxSeconds * dictationSampleRate
/** What is shorter was begun by mistake: nobody misses it. */
const worthKeepingSeconds = 2

interface Running {
  readonly target: DictationTarget
  readonly pieces: Int16Array[]
  samples: number
  peak: number
  closeMicrophone: () => void
  abort: (() => void) | undefined
}

const all = new Map<string, Running>()
const shown = new Set<string>()

function setPhase(place: string, phase: DictationPhase | undefined): void {
  useDictations.setState({ [place]: phase })
}

function phaseOf(place: string): DictationPhase | undefined {
  return useDictations.getState()[place]
}

/** Begins to listen. A recording that is kept there is not lost to it: it has to be tried again or discarded first. */
export async function startDictation(target: DictationTarget): Promise<void> {
  const { client, place } = target
  const before = phaseOf(place)
  if (before !== undefined && !(before.kind === 'failed' && !before.isKept)) return
  for (const other of all.keys()) finishDictation(other)
  const running: Running = {
    target,
    pieces: [],
    samples: 0,
    peak: 0,
    closeMicrophone: () => undefined,
    abort: undefined,
  }
  all.set(place, running)
  setPhase(place, { kind: 'opening' })
  try {
    await client.call('dictation.allowMicrophone', {})
    if (all.get(place) !== running) return
    const microphone = await openMicrophone({
      onPiece: ({ samples, peak }) => hear(running, samples, peak),
      onLost: () => {
        toast({
          tone: 'warn',
          title: 'The microphone is gone',
          detail: 'What you said until then is written out.',
        })
        finishDictation(place)
      },
    })
    // It was given up while the device opened.
    if (all.get(place) !== running) {
      microphone.close()
      return
    }
    running.closeMicrophone = microphone.close
    useListening.setState(silent)
    setPhase(place, { kind: 'recording' })
  } catch (error) {
    if (all.get(place) !== running) return
    all.delete(place)
    fail(running, wordsOf(error), false)
  }
}

function hear(running: Running, samples: Int16Array, peak: number): void {
  running.pieces.push(samples)
  running.samples += samples.length
  running.peak = Math.max(running.peak, peak)
  useListening.setState(({ levels }) => ({
    seconds: running.samples / dictationSampleRate,
    levels: [...levels, loudness(peak)].slice(-shownLevels),
  }))
  if (running.samples >= maxSamples) finishDictation(running.target.place)
}

/** As the ear has it: 50 dB down is nothing. */
function loudness(peak: number): number {
  return peak <= 0 ? 0 : Math.max(0, Math.min(1, 1 + (20 * Math.log10(peak)) / 50))
}

/** Ends to listen; what was said is written out. */
export function finishDictation(place: string): void {
  const running = all.get(place)
  const phase = phaseOf(place)
  if (running === undefined) return
  if (phase?.kind === 'opening') {
    cancelDictation(place)
    return
  }
  if (phase?.kind !== 'recording') return
  running.closeMicrophone()
  if (running.peak < heardPeak) {
    fail(
      running,
      'Nothing was heard. Look whether the microphone is muted, or whether another one is chosen in the sound settings of the system.',
      running.samples > 0,
    )
    return
  }
  void writeOut(running)
}

/**
 * Gives a dictation up: what was recorded goes, but for a way back; what is being written out stays to be tried again.
 */
export function cancelDictation(place: string): void {
  const running = all.get(place)
  if (running === undefined) return
  if (phaseOf(place)?.kind === 'writing') {
    running.abort?.()
    fail(running, 'What you said is not written out.', true)
    return
  }
  running.closeMicrophone()
  all.delete(place)
  setPhase(place, undefined)
  if (running.samples < worthKeepingSeconds * dictationSampleRate) return
  toast({
    title: 'The recording is discarded',
    action: {
      label: 'Write it out',
      onSelect: () => {
        if (phaseOf(place) !== undefined) return
        all.set(place, running)
        void writeOut(running)
      },
    },
  })
}

/** Writes a kept recording out once more. */
export function retryDictation(place: string): void {
  const running = all.get(place)
  if (running !== undefined && phaseOf(place)?.kind === 'failed') void writeOut(running)
}

/** Forgets a failure, and what was said with it. */
export function discardDictation(place: string): void {
  all.delete(place)
  setPhase(place, undefined)
}

/** A place is shown from now on; the returned function says that it is left, which ends a recording there. */
export function showDictation(place: string): () => void {
  shown.add(place)
  return () => {
    shown.delete(place)
    finishDictation(place)
  }
}

async function writeOut(running: Running): Promise<void> {
  const { client, place, deliver } = running.target
  const controller = new AbortController()
  running.abort = () => controller.abort()
  setPhase(place, { kind: 'writing' })
  try {
    const text = await sendRecording(client, encodeWav(running.pieces), controller.signal)
    if (controller.signal.aborted) return
    if (text === '') {
      fail(running, 'The service found no words in what it heard.', true)
      return
    }
    discardDictation(place)
    deliver(text)
    if (!shown.has(place))
      toast({
        tone: 'ok',
        title: 'What you said is written out',
        detail: 'It is in the draft where you began.',
      })
  } catch (error) {
    if (!controller.signal.aborted) fail(running, wordsOf(error), true)
  }
}

function fail({ target: { place } }: Running, message: string, isKept: boolean): void {
  if (!isKept) all.delete(place)
  setPhase(place, { kind: 'failed', message, isKept })
  if (shown.has(place)) return
  toast({
    tone: 'bad',
    title: isKept ? 'What you said is not written out' : 'Nothing was recorded',
    detail: isKept ? `${message} The recording is kept where you began it.` : message,
  })
}

function wordsOf(error: unknown): string {
  if (error instanceof MicrophoneError) return error.message
  if (error instanceof BridgeError) return errorWords(error).message
  return 'The recording failed in this window. Try again.'
}
