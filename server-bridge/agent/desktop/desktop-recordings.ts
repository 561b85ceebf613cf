import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { maxRecordingBytes } from '../../contract/desktop-actions.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import { toError } from '../../lib/to-error.ts'
import { type AgentPlace, folderPrefix, socketFolder } from '../left-folders.ts'
import { findProgram } from './find-program.ts'

/** Films of what chats do on the desktop, where the workspace has `ffmpeg`; without it there are none. */
export interface DesktopRecordings {
  /**
   * Begins the film of a chat with its first action; later ones go on with it. Where there are others enough, the one whose
   * chat has not acted for longest ends. Nobody waits for it.
   */
  begin(chatId: string, screen: RecordedScreen): void
  /** Ends it and answers it, once. `undefined`: there is none. */
  take(chatId: string): Promise<Buffer | undefined>
  close(): Promise<void>
}

export interface RecordedScreen {
  readonly width: number
  readonly height: number
  readonly cwd: string
  /** With the display, and what its windows need to get there. */
  readonly env: Readonly<Record<string, string>>
}

export interface DesktopRecordingsDeps {
  readonly place: AgentPlace & { readonly agentName: string }
  readonly clock: Clock
  readonly logger: Logger
}

/** Each takes a part of a processor. */
const MAX_RUNNING = 2
/** With those that wait for somebody to take them, who may never come. */
const MAX_KEPT = 4
const PICTURES_A_SECOND = 5
const MAX_SECONDS = 30 * 60
/** Where it ends by itself: the end of its last part comes on top. */
const STOP_AT_BYTES = maxRecordingBytes - 1024 * 1024
/** To write its end. */
const END_MS = 10_000
const MAX_COMPLAINT_BYTES = 2048

interface Recording {
  readonly folder: string
  readonly file: string
  readonly child: ChildProcess
  readonly ended: Promise<void>
}

export function createDesktopRecordings({ place, clock, logger }: DesktopRecordingsDeps): DesktopRecordings {
  interface Entry {
    readonly starting: Promise<Recording | undefined>
    isRunning: boolean
    /** When its chat acted last. */
    actedAt: number
  }
  const recordings = new Map<string, Entry>()
  let isClosed = false

  const start = async (program: string, screen: RecordedScreen): Promise<Recording> => {
    const folder = await mkdtemp(join(socketFolder(), folderPrefix('rec', place)))
    const file = join(folder, 'desktop.mp4')
    const child = spawn(program, recordingArguments(screen, file), {
      cwd: screen.cwd,
      env: { ...screen.env },
      detached: process.platform !== 'win32',
      stdio: ['pipe', 'ignore', 'pipe'],
    })
    let complaint = ''
    child.stderr.on('data', (bytes: Buffer) => {
      complaint = (complaint + bytes.toString('utf8')).slice(-MAX_COMPLAINT_BYTES)
    })
    // It may have ended by itself.
    child.stdin.on('error', () => undefined)
    const ended = new Promise<void>((resolve) => {
      child.once('error', (error) => {
        logger.warn('The desktop is not recorded', { error: error.message })
        resolve()
      })
      child.once('close', (code) => {
        if (code !== 0 && complaint !== '') logger.warn('The recording of the desktop failed', { complaint })
        resolve()
      })
    })
    return { folder, file, child, ended }
  }
  const end = async ({ child, ended }: Recording): Promise<void> => {
    // What its manual says to stop it by, so that it writes the end of its file.
    child.stdin?.end('q')
    const cancel = clock.after(END_MS, () => child.kill('SIGKILL'))
    await ended
    cancel()
  }
  const finish = async (recording: Recording): Promise<Buffer | undefined> => {
    try {
      await end(recording)
      const { size } = await stat(recording.file)
      return size === 0 || size > maxRecordingBytes ? undefined : await readFile(recording.file)
    } catch (error) {
      logger.warn('The recording of the desktop is lost', { error: toError(error).message })
      return undefined
    } finally {
      await rm(recording.folder, { recursive: true, force: true })
    }
  }

  const discard = async ({ starting }: Entry): Promise<void> => {
    const recording = await starting
    if (recording === undefined) return
    recording.child.kill('SIGKILL')
    await recording.ended
    await rm(recording.folder, { recursive: true, force: true })
  }

  return {
    begin(chatId, screen) {
      const known = recordings.get(chatId)
      if (known) known.actedAt = clock.now()
      if (isClosed || known) return
      const all = [...recordings]
      const program = findProgram(['ffmpeg'], screen.env['PATH'] ?? '')
      if (program === undefined) return
      const running = all.flatMap(([, entry]) => (entry.isRunning ? [entry] : []))
      if (running.length >= MAX_RUNNING) {
        const [idlest] = running.toSorted((a, b) => a.actedAt - b.actedAt)
        if (idlest) {
          idlest.isRunning = false
          void idlest.starting.then((recording) => recording && end(recording))
        }
      }
      const oldest = all.length >= MAX_KEPT ? all.find(([, { isRunning }]) => !isRunning) : undefined
      if (oldest) {
        recordings.delete(oldest[0])
        void discard(oldest[1])
      }
      const starting = start(program, screen).catch((error: unknown) => {
        logger.warn('The desktop is not recorded', { error: toError(error).message })
        return undefined
      })
      const entry: Entry = { starting, isRunning: true, actedAt: clock.now() }
      recordings.set(chatId, entry)
      void starting.then(async (recording) => {
        await recording?.ended
        entry.isRunning = false
      })
    },
    async take(chatId) {
      const entry = recordings.get(chatId)
      recordings.delete(chatId)
      const recording = await entry?.starting
      return recording && finish(recording)
    },
    async close() {
      isClosed = true
      const all = [...recordings.values()]
      recordings.clear()
      await Promise.all(all.map(discard))
    },
  }
}

/** ffmpeg(1), ffmpeg-devices(1): what browsers play, with its table at its beginning. */
function recordingArguments({ width, height, env }: RecordedScreen, file: string): string[] {
  return [
    ...['-hide_banner', '-loglevel', 'error', '-nostats', '-y'],
    ...['-f', 'x11grab', '-framerate', String(PICTURES_A_SECOND), '-video_size', `${width}x${height}`],
    ...['-i', env['DISPLAY'] ?? '', '-t', String(MAX_SECONDS), '-fs', String(STOP_AT_BYTES)],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '30', '-pix_fmt', 'yuv420p'],
    ...['-movflags', '+faststart', '-f', 'mp4', file],
  ]
}
