import type { FriendlyDiagnostic, PreviewParameter } from '../contract/dynamic-parameters.ts'
import type {
  Preset,
  TemplateVersionParameter,
  TemplateVersionVariable,
} from '../contract/template-versions.ts'
import { toError } from '../lib/to-error.ts'
import { TemplateError } from './template-error.ts'

/**
 * Turns a template archive into what a version needs to know of it, and into the plan of a build. A provisioner
 * computes: the server starts and ends the agents that a plan names.
 */
export interface Provisioner {
  /** What stands in a job's `provisioner` column. */
  readonly name: string
  /** @throws {TemplateError} when the template cannot be used; its message names file, line and remedy. */
  importVersion(request: ImportRequest): Promise<ImportedVersion>
  /** @throws {BuildFailure} with a state to keep; {TemplateError} as above; an abort throws the signal's reason. */
  build(request: BuildRequest): Promise<BuildPlan>
  /**
   * Reads a template once, to tell again and again which parameters it has for given inputs. Computes at once and
   * bounded, so it may be called inside of a transaction. Absent: parameters are those found by the import.
   *
   * @throws {TemplateError} when the template is beyond what can be evaluated without Terraform.
   */
  readonly openPreview?: (archive: Uint8Array) => PreviewParameters
  /**
   * Called once, before the first job: where it may keep files, private to this deployment. What an earlier run left of
   * its jobs is removed.
   */
  useFolder?(folder: string): void
}

export type PreviewParameters = (request: PreviewRequest) => ParameterPreview

export interface PreviewRequest {
  readonly variableValues: Readonly<Record<string, string>>
  /** What was given so far, by name. */
  readonly parameterValues: Readonly<Record<string, string>>
  readonly owner: BuildOwner
}

export interface PreviewedParameter {
  /** As a build takes it. Absent when its block is wrong for these inputs; `preview` then says why. */
  readonly definition: TemplateVersionParameter | undefined
  readonly preview: PreviewParameter
}

export interface ParameterPreview {
  /** What is wrong with the template as a whole. */
  readonly diagnostics: readonly FriendlyDiagnostic[]
  /** In the order a form shows them. */
  readonly parameters: readonly PreviewedParameter[]
  /** Every parameter the template writes down, also those that are not there for these inputs. */
  readonly declaredNames: ReadonlySet<string>
}

/** A build that failed or was ended in the middle. What it made until then is in its state, which has to be kept. */
export class BuildFailure extends TemplateError {
  readonly state: Uint8Array | undefined

  constructor(cause: unknown, state: Uint8Array | undefined) {
    super(toError(cause).message)
    this.name = 'BuildFailure'
    this.cause = cause
    this.state = state
  }
}

type ProvisionerLogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error'

/** One line of a job's log; `stage` is a heading such as "Planning infrastructure". */
export type ProvisionerLog = (level: ProvisionerLogLevel, stage: string, output: string) => void

interface JobRequest {
  /** The template as a tar archive. */
  readonly archive: Uint8Array
  /** Values of `variable` blocks, given when the version was made. */
  readonly variableValues: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  readonly log: ProvisionerLog
}

export type ImportRequest = JobRequest

/** A preset without its id, which the server gives. */
export type ImportedPreset = Omit<Preset, 'ID'>

export interface ImportedVersion {
  readonly readme: string
  readonly parameters: readonly TemplateVersionParameter[]
  readonly variables: readonly TemplateVersionVariable[]
  readonly presets: readonly ImportedPreset[]
  /** What a start and a stop would make, with every parameter at its default. */
  readonly startResources: readonly PlannedResource[]
  readonly stopResources: readonly PlannedResource[]
}

export interface BuildRequest extends JobRequest {
  readonly transition: 'start' | 'stop' | 'delete'
  /** As resolved by `resolveParameters`: every parameter has its value. */
  readonly parameterValues: Readonly<Record<string, string>>
  readonly workspace: BuildWorkspace
  readonly owner: BuildOwner
  /** What the build before left in `BuildPlan.state` or `BuildFailure.state`, unread; absent: nothing. */
  readonly state?: Uint8Array | undefined
}

/** `data.coder_workspace.me`. */
export interface BuildWorkspace {
  readonly id: string
  readonly name: string
  readonly templateId: string
  readonly templateName: string
  readonly templateVersion: string
  readonly accessUrl: string
}

/** `data.coder_workspace_owner.me`. Its tokens are left out: no secret of the control plane enters a workspace. */
export interface BuildOwner {
  readonly id: string
  readonly name: string
  readonly fullName: string
  readonly email: string
  readonly groups: readonly string[]
  /** `organizationId` is empty for a role of the whole deployment. */
  readonly roles?: readonly { readonly name: string; readonly organizationId: string }[]
  readonly loginType?: string
}

export interface BuildPlan {
  readonly resources: readonly PlannedResource[]
  /** What the next build of this workspace has to be given; may hold secrets. Empty: nothing is left; absent: as it was. */
  readonly state?: Uint8Array
}

export interface PlannedResource {
  readonly type: string
  readonly name: string
  readonly hide: boolean
  readonly icon: string
  readonly dailyCost: number
  readonly metadata: readonly PlannedMetadata[]
  readonly agents: readonly PlannedAgent[]
}

export interface PlannedMetadata {
  readonly key: string
  readonly value: string
  readonly sensitive: boolean
}

/** A `coder_agent` with what hangs on it. Ids and tokens are the server's to give. */
export interface PlannedAgent {
  readonly name: string
  readonly operatingSystem: string
  readonly architecture: string
  /** As written: may hold `~` or variables. */
  readonly directory: string
  /** `coder_agent.env` with the `coder_env`s of this agent. */
  readonly environment: Readonly<Record<string, string>>
  readonly connectionTimeoutSeconds: number
  readonly troubleshootingUrl: string
  readonly motdFile: string
  /** `no_user_data` keeps the owner's git key from the agent. */
  readonly apiKeyScope: 'all' | 'no_user_data'
  readonly displayApps: readonly string[]
  readonly startupScriptBehavior: 'blocking' | 'non-blocking'
  readonly order: number
  /** The agent's own startup and shutdown scripts first, then its `coder_script`s. */
  readonly scripts: readonly PlannedScript[]
  readonly apps: readonly PlannedApp[]
  readonly metadata: readonly PlannedAgentMetadata[]
}

export interface PlannedScript {
  readonly displayName: string
  readonly icon: string
  readonly script: string
  readonly cron: string
  readonly logPath: string
  readonly runOnStart: boolean
  readonly runOnStop: boolean
  readonly startBlocksLogin: boolean
  /** 0: no limit. */
  readonly timeoutSeconds: number
}

export interface PlannedApp {
  readonly slug: string
  readonly displayName: string
  readonly url: string
  readonly command: string
  readonly icon: string
  readonly external: boolean
  readonly subdomain: boolean
  readonly sharingLevel: 'owner' | 'authenticated' | 'organization' | 'public'
  readonly healthcheck:
    { readonly url: string; readonly interval: number; readonly threshold: number } | undefined
  readonly group: string
  readonly hidden: boolean
  readonly openIn: 'slim-window' | 'tab'
  readonly tooltip: string
  readonly order: number
}

/** A value the agent measures again and again. Times are in seconds. */
export interface PlannedAgentMetadata {
  readonly key: string
  readonly displayName: string
  readonly script: string
  readonly interval: number
  readonly timeout: number
  readonly order: number
}
