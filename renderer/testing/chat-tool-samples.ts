/** Calls of the tools that have to do with the chat itself, as they are on the wire. */
import type { ToolSample } from './tool-sample.ts'

/** One pixel. */
export const samplePixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='

const plans: readonly ToolSample[] = [
  {
    name: 'propose_plan',
    args: { path: '/home/coder/.coder/plans/PLAN-1.md' },
    result: {
      ok: true,
      path: '/home/coder/.coder/plans/PLAN-1.md',
      kind: 'plan',
      file_id: 'plan',
      media_type: 'text/markdown',
    },
  },
  {
    name: 'ask_user_question',
    args: {
      questions: [
        {
          header: 'Which back-off should I use?',
          question: '',
          options: [
            { label: 'Exponential with jitter', description: '1 s to 60 s, as the runbook says' },
            { label: 'Fixed, 30 s', description: 'as today' },
          ],
        },
      ],
    },
    result: {},
  },
]

const child = { chat_id: 'child', title: 'Find all callers of Refund' }
const agents: readonly ToolSample[] = [
  {
    name: 'spawn_agent',
    args: { type: 'explore', title: child.title, prompt: 'Find all callers.' },
    result: { ...child, status: 'running', type: 'explore' },
  },
  {
    name: 'wait_agent',
    args: { chat_id: 'child', timeout_seconds: 300 },
    result: { ...child, status: 'waiting', type: 'explore', report: 'There are **four** callers.' },
  },
  {
    name: 'message_agent',
    args: { chat_id: 'child', message: 'Look at the tests too.' },
    result: { ...child, status: 'running', interrupted: false },
  },
  {
    name: 'interrupt_agent',
    args: { chat_id: 'child' },
    result: { ...child, status: 'interrupting', interrupted: true },
  },
  {
    name: 'close_agent',
    args: { chat_id: 'child' },
    result: { ...child, status: 'waiting', terminated: true },
  },
  {
    name: 'list_agents',
    args: {},
    result: { agents: [{ ...child, status: 'waiting' }], total: 1, returned: 1, offset: 0, has_more: false },
  },
  {
    name: 'list_subagent_models',
    args: {},
    result: { models: [{ id: 'm', display_name: 'Large', model: 'large-2' }] },
  },
]

const knowledge: readonly ToolSample[] = [
  {
    name: 'read_skill',
    args: { name: 'release' },
    result: { name: 'release', body: '# Release\n\nTag it.', files: [] },
  },
  {
    name: 'read_skill_file',
    args: { name: 'release', path: 'notes.md' },
    result: { content: 'What is new, by who is touched by it.' },
  },
  {
    name: 'wait_for_external_auth',
    args: { provider_id: 'github' },
    result: {
      provider_id: 'github',
      provider_display_name: 'GitHub',
      authenticated: true,
      timed_out: false,
      status: 'completed',
    },
  },
  {
    name: 'advisor',
    args: { question: 'Is a cap of five enough?' },
    result: { type: 'advice', advice: 'Yes, with **jitter**.', advisor_model: 'large-2', remaining_uses: 2 },
  },
  {
    name: 'computer',
    args: { action: 'left_click', coordinate: [412, 310] },
    result: { data: samplePixel, mime_type: 'image/png', attachment_name: 'desktop.png' },
    more: { is_media: true },
  },
  {
    name: 'chat_summarized',
    args: { source: 'automatic', threshold_percent: 80 },
    result: { summary: 'The user wants a cap on retries.', source: 'automatic', usage_percent: 81 },
  },
  {
    name: 'web_search',
    args: { query: 'exponential back-off jitter' },
    result: undefined,
    more: { provider_executed: true },
  },
  {
    name: 'find_tools',
    args: { queries: ['calendar'], names: [] },
    result: {
      matches: [{ name: 'cal__list', description: 'Lists events' }],
      activated: ['cal__list'],
      total_deferred: 40,
    },
  },
]

export const chatToolSamples: readonly ToolSample[] = [...plans, ...agents, ...knowledge]
