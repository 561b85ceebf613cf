/** Copies what a transfer planned: folders first, several files at a time, questions one after the other. */
import type { ConflictChoice, ConflictPolicy } from '../../../contract/file-transfers.ts'
import { FilesFailure, quoted } from '../files-failure.ts'
import { cancelled } from '../place-connection.ts'
import type { CopyDirection, PlannedFile, TargetStats } from './copy-direction.ts'
import { copyName } from './local-names.ts'

export interface Decision {
  readonly choice: ConflictChoice
  /** Of the copy, relative, for `keep-both`. */
  readonly name?: string | undefined
}

export interface CopyWatch {
  /** All is known: what there is to do. */
  planned(files: number, bytes: number): void
  copying(relative: string): void
  /** Bytes that are there. */
  bytes(count: number): void
  fileDone(): void
  /** Asks the user. */
  ask(file: PlannedFile, target: TargetStats): Promise<ConflictChoice>
  /** `policy` may change while it runs: an answer for all. */
  policy(): ConflictPolicy
  decided(relative: string): Decision | undefined
  decide(relative: string, decision: Decision): void
  /** A part lies there from now on, or no more. */
  part(relative: string, isThere: boolean): void
}

export interface CopyResult {
  readonly verified: 'sha256' | 'size'
  readonly skipped: number
}

/** Small files are mostly round trips, so a few go at once; a large one fills the line by itself. */
const concurrency = 4
const maxCopies = 1000

/** @param hasRun what lies there may be of an earlier run. @throws {FilesFailure}, what SFTP and the disk throw */
export async function runCopy(
  direction: CopyDirection,
  watch: CopyWatch,
  options: { readonly hasRun: boolean; readonly signal: AbortSignal },
): Promise<CopyResult> {
  const plan = await direction.plan()
  const bytes = plan.files.reduce((sum, { size }) => sum + size, 0)
  watch.planned(plan.files.length, bytes)
  for (const folder of plan.folders) {
    if (options.signal.aborted) throw cancelled()
    await direction.makeFolder(folder)
  }
  let skipped = plan.skipped
  let verified: CopyResult['verified'] = 'sha256'
  const questions = createTurns()
  const queue = plan.files.values()
  const failures: unknown[] = []
  const work = async (): Promise<void> => {
    for (const file of queue) {
      if (failures.length > 0 || options.signal.aborted) return
      const result = await copyOne({ direction, watch, file, questions, hasRun: options.hasRun })
      if (result === 'skipped') skipped += 1
      else if (result === 'size') verified = 'size'
      watch.fileDone()
    }
  }
  const workers = Array.from({ length: Math.min(concurrency, plan.files.length) }, () =>
    work().catch((thrown: unknown) => {
      failures.push(thrown)
    }),
  )
  await Promise.all(workers)
  if (options.signal.aborted) throw cancelled()
  if (failures.length > 0) throw failures[0]
  return { verified, skipped }
}

interface One {
  readonly direction: CopyDirection
  readonly watch: CopyWatch
  readonly file: PlannedFile
  readonly questions: <T>(work: () => Promise<T>) => Promise<T>
  readonly hasRun: boolean
}

async function copyOne(one: One): Promise<'sha256' | 'size' | 'skipped'> {
  const { direction, watch, file } = one
  const there = await direction.lookAt(file.relative)
  const target =
    there === null ? { relative: file.relative, mayReplace: false } : await chooseTarget(one, there)
  if (typeof target === 'string') {
    watch.bytes(file.size)
    return target
  }
  const { relative, mayReplace } = target
  watch.copying(file.relative)
  watch.part(relative, true)
  const verified = await direction.copy({ file, relative, mayReplace, onBytes: watch.bytes })
  watch.part(relative, false)
  return verified
}

/** Where a file goes whose name is taken; or that it is there already, or is to be left out. */
async function chooseTarget(
  one: One,
  there: TargetStats,
): Promise<{ readonly relative: string; readonly mayReplace: boolean } | 'sha256' | 'skipped'> {
  const { direction, watch, file, hasRun } = one
  if (hasRun && isCopyOf(file, there)) return 'sha256'
  const decision = watch.decided(file.relative) ?? (await one.questions(() => decide(one, there)))
  if (decision.choice === 'skip') return 'skipped'
  if (decision.choice === 'replace') {
    if (!there.isFolder) return { relative: file.relative, mayReplace: true }
    throw new FilesFailure('is_folder', `A folder is named ${quoted(file.relative)} there. Rename one first.`)
  }
  const relative = decision.name ?? file.relative
  if (hasRun && isCopyOf(file, await direction.lookAt(relative))) return 'sha256'
  return { relative, mayReplace: false }
}

/** As an earlier run leaves it: it sets the time last. */
function isCopyOf(file: PlannedFile, there: TargetStats | null): boolean {
  return there !== null && !there.isFolder && there.size === file.size && there.mtime === file.mtime
}

/** By the rule for all, else by asking; what was decided holds over restarts. */
async function decide({ direction, watch, file }: One, there: TargetStats): Promise<Decision> {
  const policy = watch.policy()
  const choice = policy === 'ask' ? await watch.ask(file, there) : policy
  const decision: Decision =
    choice === 'keep-both' ? { choice, name: await freeName(direction, file.relative) } : { choice }
  watch.decide(file.relative, decision)
  return decision
}

async function freeName(direction: CopyDirection, relative: string): Promise<string> {
  for (let number = 2; number < maxCopies; number += 1) {
    const name = copyName(relative, number)
    if ((await direction.lookAt(name)) === null) return name
  }
  throw new FilesFailure('exists', `There are too many copies of ${quoted(relative)} already.`)
}

function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work)
    last = mine.catch(() => undefined)
    return mine
  }
}
