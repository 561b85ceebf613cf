import type {
  Preset,
  TemplateVersionParameter,
  TemplateVersionVariable,
} from '../contract/template-versions.ts'

/**
 * Turns a template archive into what a version needs to know of it, and into the plan of a build. A provisioner
 * computes: the server starts and ends the agents that a plan names.
 */
export interface Provisioner {
  /** What stands in a job's `provisioner` column. */
  readonly name: string
  /** @throws {TemplateError} when the template cannot be used; its message names file, line and remedy. */
  importVersion(request: ImportRequest): Promise<ImportedVersion>
  /** @throws {TemplateError} as above; an abort throws the signal's reason. */
  build(request: BuildRequest): Promise<BuildPlan>
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
  /** What the build before left; absent when it left nothing. */
  readonly state?: Uint8Array
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
}

export interface BuildPlan {
  readonly resources: readonly PlannedResource[]
  /** What the next build needs to find again what this one made. Empty: nothing is left; absent: as it was. */
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
