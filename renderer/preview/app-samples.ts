import type { Template } from '#bridge/contract/templates'
import type { TemplateVersionParameter } from '#bridge/contract/template-versions'
import type { WorkspaceAgentScript } from '#bridge/contract/workspace-agents'
import { workspaceAppSchema } from '#bridge/contract/workspace-apps'
import type { Workspace } from '#bridge/contract/workspaces'
import {
  sampleAgent,
  sampleBuild,
  sampleId,
  sampleJob,
  sampleParameter,
  sampleTemplate,
  sampleWorkspace,
} from '../testing/wire-samples.ts'

const minute = 60_000
const ago = (ms: number): string => new Date(Date.now() - ms).toISOString()
const ahead = (ms: number): string => ago(-ms)

function script(index: number, change: Partial<WorkspaceAgentScript>): WorkspaceAgentScript {
  return {
    id: sampleId(20, index),
    log_source_id: sampleId(21, index),
    log_path: '',
    script: '',
    cron: '',
    run_on_start: true,
    run_on_stop: false,
    start_blocks_login: false,
    timeout: 0,
    display_name: 'Startup script',
    ...change,
  }
}

/** One workspace in each state that the list must tell apart. */
export function sampleWorkspaces(): readonly Workspace[] {
  let index = 0
  const workspace = (name: string, change: Partial<Workspace>): Workspace => {
    index += 1
    return sampleWorkspace({ id: sampleId(2, index), name, last_used_at: ago(index * 7 * minute), ...change })
  }
  const running = sampleAgent({
    apps: [
      { slug: 'code-server', display_name: 'code-server', health: 'healthy', url: 'http://localhost:13337' },
      { slug: 'storefront', display_name: 'Storefront preview of this branch', health: 'initializing' },
      { slug: 'pgadmin', display_name: 'Postgres', health: 'unhealthy', url: 'http://localhost:5050' },
      { slug: 'monitor', display_name: 'Monitor', command: 'htop' },
      {
        slug: 'handbook',
        external: true,
        url: 'https://handbook.acme.dev/payments',
        icon: '/emojis/1f4d6.png',
      },
    ].map((app, at) => workspaceAppSchema.parse({ id: sampleId(24, at), ...app })),
    first_connected_at: ago(90 * minute),
    scripts: [
      script(1, { display_name: 'Clone acme/payments-api', status: 'ok', exit_code: 0 }),
      script(2, { display_name: 'Seed the fixtures database', status: 'exit_failure', exit_code: 1 }),
      script(3, { display_name: 'Watch generated protobufs' }),
    ],
  })
  return [
    workspace('payments-api', {
      favorite: true,
      template_name: 'go-service',
      template_display_name: 'Go service',
      latest_build: sampleBuild({ deadline: ahead(102 * minute), build_number: 12 }, [running]),
    }),
    workspace('web-storefront', {
      favorite: true,
      template_name: 'node-monorepo',
      template_display_name: 'Node monorepo',
      latest_build: sampleBuild({ deadline: ahead(12 * minute) }),
    }),
    workspace('ml-ranking', {
      favorite: true,
      template_name: 'cuda-notebook',
      template_display_name: 'CUDA notebook',
      latest_build: sampleBuild({}, [sampleAgent({ status: 'connecting', lifecycle_state: 'created' })]),
    }),
    workspace('ledger-migrations', { outdated: true, template_display_name: 'Go service' }),
    workspace('load-test-eu', {
      latest_build: sampleBuild({}, [
        sampleAgent({
          status: 'disconnected',
          health: { healthy: false, reason: 'The agent has not answered for 4 minutes.' },
        }),
      ]),
    }),
    workspace('search-indexer', {
      latest_build: sampleBuild({
        status: 'failed',
        job: sampleJob({
          status: 'failed',
          error: 'The volume quota of team search is full: 500 of 500 GB.',
          error_code: 'INSUFFICIENT_QUOTA',
        }),
      }),
    }),
    workspace('docs-site', { latest_build: sampleBuild({ status: 'stopped', transition: 'stop' }, []) }),
    workspace('ios-gateway', {
      latest_build: sampleBuild(
        { status: 'pending', job: sampleJob({ status: 'pending', queue_position: 2, queue_size: 3 }) },
        [],
      ),
    }),
    workspace('tmp-bisect-4127', {
      latest_build: sampleBuild(
        { status: 'deleting', transition: 'delete', job: sampleJob({ status: 'running' }) },
        [],
      ),
    }),
    workspace('observability-stack', { owner_id: sampleId(98), owner_name: 'platform' }),
  ]
}

export function sampleTemplates(): Template[] {
  return [
    sampleTemplate({
      id: sampleId(3, 1),
      name: 'go-service',
      display_name: 'Go service',
      description: 'Go, Postgres and the acme tool chain. Kept by platform.',
      active_user_count: 214,
    }),
    sampleTemplate({
      id: sampleId(3, 2),
      name: 'scratch',
      display_name: 'Scratch',
      description: 'A folder and a shell on this machine.',
    }),
    sampleTemplate({
      id: sampleId(3, 3),
      name: 'cuda-notebook',
      display_name: 'CUDA notebook',
      description: 'One GPU, Jupyter and the usual libraries, in the region with free capacity.',
    }),
    sampleTemplate({
      id: sampleId(3, 4),
      name: 'kubernetes-small',
      display_name: '',
      description: '',
      deprecated: true,
      deprecation_message: 'Use Go service.',
    }),
  ]
}

export function sampleParameters(): TemplateVersionParameter[] {
  const option = (name: string, description = '') => ({
    name,
    description,
    value: name.toLowerCase(),
    icon: '',
  })
  return [
    sampleParameter({
      name: 'region',
      display_name: 'Region',
      form_type: 'dropdown',
      default_value: 'eu-central',
      options: [option('eu-central'), option('us-east'), option('ap-south')],
      description_plaintext: 'Where the workspace runs.',
      mutable: false,
    }),
    sampleParameter({
      name: 'cores',
      display_name: 'CPU cores',
      type: 'number',
      form_type: 'slider',
      default_value: '8',
      validation_min: 1,
      validation_max: 16,
    }),
    sampleParameter({
      name: 'disk',
      display_name: 'Home disk',
      type: 'number',
      default_value: '50',
      validation_min: 10,
      validation_max: 170,
      description_plaintext: 'In GB.',
    }),
    sampleParameter({
      name: 'database',
      display_name: 'Database',
      form_type: 'radio',
      default_value: 'postgres',
      options: [option('Postgres', 'Fixtures loaded'), option('None', 'Use a shared one')],
    }),
    sampleParameter({
      name: 'repository',
      display_name: 'Repository',
      required: true,
      validation_regex: '^[\\w.-]+/[\\w.-]+$',
      validation_error: 'Write it as owner/name.',
    }),
    sampleParameter({
      name: 'tools',
      display_name: 'Tools',
      type: 'list(string)',
      form_type: 'tag-select',
      default_value: '["gopls"]',
    }),
    sampleParameter({
      name: 'nightly',
      display_name: 'Rebuild every night',
      type: 'bool',
      form_type: 'switch',
      default_value: 'true',
      description_plaintext: 'Keeps the base image fresh.',
    }),
  ]
}
