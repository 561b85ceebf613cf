import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../../lib/clock.ts'
import type { ArchiveFiles } from '../archive.ts'
import type { BuildContext } from '../build-context.ts'
import { BuildFailure, type ProvisionerLog } from '../provisioner.ts'
import { TemplateError } from '../template-error.ts'
import { checkVersion, type TerraformBinary } from './find-terraform.ts'
import { readPlan, readState, type JsonResource } from './plan-json.ts'
import { captureOutput, runProcess, type ProcessSurroundings } from './run-process.ts'
import { baseEnvironment, buildEnvironment } from './terraform-environment.ts'
import { createTerraformFolder, type TerraformFolder } from './terraform-folder.ts'
import { createTerraformOutput } from './terraform-log.ts'

const initStage = 'Initializing Terraform'
const planStage = 'Planning infrastructure'
const applyStage = 'Applying changes'
const planFile = 'outpost.tfplan'

export interface TerraformRunOptions {
  readonly binary: Pick<TerraformBinary, 'path' | 'name'>
  /** Folder for jobs and for the providers that were downloaded. */
  readonly folder: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  /** Runs one `init` at a time: the folder of downloaded providers stands no more (HashiCorp, "Provider Plugin Cache"). */
  readonly whenAlone: <T>(run: () => Promise<T>) => Promise<T>
}

export interface TerraformJob {
  readonly files: ArchiveFiles
  readonly state?: Uint8Array | undefined
  readonly signal: AbortSignal
  readonly log: ProvisionerLog
}

/** Terraform in the folder of one job. */
export class TerraformRun {
  readonly #options: TerraformRunOptions
  readonly #job: TerraformJob
  readonly #folder: TerraformFolder

  private constructor(options: TerraformRunOptions, job: TerraformJob) {
    this.#options = options
    this.#job = job
    this.#folder = createTerraformFolder(join(options.folder, 'jobs'), job.files, job.state)
  }

  /** Lays out the job, prepares Terraform for it, hands it to `use`, and leaves nothing behind. */
  static async use<T>(
    options: TerraformRunOptions,
    job: TerraformJob,
    use: (run: TerraformRun) => Promise<T>,
  ): Promise<T> {
    const run = new TerraformRun(options, job)
    try {
      await run.#init()
      return await use(run)
    } finally {
      run.#folder.remove()
    }
  }

  /** What the template would make. `graph` tells which block needs which. */
  async plan(context: BuildContext): Promise<{ readonly resources: JsonResource[]; readonly graph: string }> {
    const env = this.#environment(context)
    await this.#stage(planStage, ['plan', '-json', '-no-color', '-input=false', `-out=${planFile}`], env)
    const resources = readPlan(await this.#capture(['show', '-json', '-no-color', planFile], env))
    return { resources, graph: await this.#capture(['graph'], env) }
  }

  /** Makes true what was planned last. @throws {BuildFailure} with the state of what was made until then. */
  async apply(context: BuildContext): Promise<JsonResource[]> {
    const env = this.#environment(context)
    await this.#change(['apply', '-json', '-no-color', '-input=false', '-auto-approve', planFile], env)
    return readState(await this.#capture(['show', '-json', '-no-color'], env))
  }

  /** Removes everything that is in the state. @throws {BuildFailure} with the state of what is left. */
  async destroy(context: BuildContext): Promise<void> {
    const args = ['destroy', '-json', '-no-color', '-input=false', '-auto-approve']
    await this.#change(args, this.#environment(context))
  }

  /** The state as it is now; undefined when there never was one. */
  get state(): Uint8Array | undefined {
    return this.#folder.readState()
  }

  async #init(): Promise<void> {
    const env = this.#environment()
    mkdirSync(env['TF_PLUGIN_CACHE_DIR'] ?? '', { recursive: true, mode: 0o700 })
    const { name, version } = await checkVersion(this.#options.binary, this.#surroundings(env))
    this.#job.log('info', initStage, `${name} ${version}`)
    await this.#options.whenAlone(() => this.#stage(initStage, ['init', '-no-color', '-input=false'], env))
  }

  async #change(args: readonly string[], env: Readonly<Record<string, string>>): Promise<void> {
    try {
      await this.#stage(applyStage, args, env)
    } catch (error) {
      throw new BuildFailure(error, this.state)
    }
  }

  /** One run, its lines in the job's log. @throws {TemplateError} with its first error; an abort's reason. */
  async #stage(stage: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<void> {
    const { signal, log } = this.#job
    signal.throwIfAborted()
    const output = createTerraformOutput(log, stage)
    const code = await runProcess(this.#options.binary.path, args, this.#surroundings(env), output)
    signal.throwIfAborted()
    if (code === 0) return
    throw new TemplateError(
      output.problem() ?? `"${this.#options.binary.name} ${args[0] ?? ''}" failed without saying why.`,
    )
  }

  #capture(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
    return captureOutput(this.#options.binary.path, args, this.#surroundings(env))
  }

  #environment(context?: BuildContext): Record<string, string> {
    const { environment, folder } = this.#options
    const base = baseEnvironment(environment, join(folder, 'plugins'))
    return context === undefined ? base : { ...base, ...buildEnvironment(context) }
  }

  #surroundings(env: Readonly<Record<string, string>>): ProcessSurroundings {
    return { cwd: this.#folder.path, env, clock: this.#options.clock, signal: this.#job.signal }
  }
}
