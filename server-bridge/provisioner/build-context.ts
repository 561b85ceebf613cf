import { arch, platform } from 'node:os'
import { fromJson, type Value } from './eval/value.ts'
import type { BuildOwner, BuildWorkspace } from './provisioner.ts'

/** Everything outside of the template that its expressions can see. */
export interface BuildContext {
  readonly transition: 'start' | 'stop' | 'delete'
  readonly workspace: BuildWorkspace
  readonly owner: BuildOwner
  readonly variableValues: Readonly<Record<string, string>>
  /** Absent ones take their default, or an empty value of their type. */
  readonly parameterValues: Readonly<Record<string, string>>
  /** A form is shown: a required parameter without a value is unknown instead of empty. */
  readonly isPreview?: boolean
}

/** Stands in for a workspace while a version is imported, as Coder does. */
export const importWorkspace: BuildWorkspace = {
  id: '00000000-0000-0000-0000-000000000000',
  name: 'default',
  templateId: '',
  templateName: '',
  templateVersion: '',
  accessUrl: 'http://127.0.0.1',
}
export const importOwner: BuildOwner = {
  id: '00000000-0000-0000-0000-000000000000',
  name: 'default',
  fullName: 'Default',
  email: 'default@example.com',
  groups: [],
}

const goSystems: Readonly<Record<string, string>> = { win32: 'windows' }
const goArchitectures: Readonly<Record<string, string>> = { x64: 'amd64', arm: 'armv7', ia32: '386' }

/** The machine in Go's names, which templates use. */
export const hostSystem = goSystems[platform()] ?? platform()
export const hostArchitecture = goArchitectures[arch()] ?? arch()

/** `data.coder_workspace`. */
export function workspaceValue({ workspace, transition }: BuildContext): Value {
  const url = new URL(workspace.accessUrl)
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
  return fromJson({
    id: workspace.id,
    name: workspace.name,
    access_url: workspace.accessUrl,
    access_port: port,
    start_count: transition === 'start' ? 1 : 0,
    // Terraform destroys; a template only ever sees the two.
    transition: transition === 'start' ? 'start' : 'stop',
    template_id: workspace.templateId,
    template_name: workspace.templateName,
    template_version: workspace.templateVersion,
    is_prebuild: false,
    is_prebuild_claim: false,
    prebuild_count: 0,
  })
}

/**
 * `data.coder_workspace_owner`. The tokens and the private key are empty, as they may be with Coder: nothing of the
 * control plane's secrets enters a workspace.
 */
export function ownerValue({ owner }: BuildContext): Value {
  return fromJson({
    id: owner.id,
    name: owner.name,
    full_name: owner.fullName,
    email: owner.email,
    groups: owner.groups,
    login_type: owner.loginType ?? '',
    rbac_roles: (owner.roles ?? []).map(({ name, organizationId }) => ({ name, org_id: organizationId })),
    oidc_access_token: '',
    session_token: '',
    ssh_private_key: '',
    ssh_public_key: '',
  })
}

/** `data.coder_provisioner`. */
export function provisionerValue(): Value {
  return fromJson({ id: 'local', os: hostSystem, arch: hostArchitecture })
}
