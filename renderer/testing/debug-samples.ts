/** Debug runs, complete, for tests and the preview. */
import type { ChatDebugRun, ChatDebugStep, UserChatDebugLoggingSettings } from '#bridge/contract/chats-debug'
import { sampleId, sampleTime } from './wire-samples.ts'

const later = (ms: number): string => new Date(Date.parse(sampleTime) + ms).toISOString()

export function sampleDebugLogging(
  change: Partial<UserChatDebugLoggingSettings> = {},
): UserChatDebugLoggingSettings {
  return { debug_logging_enabled: true, user_toggle_allowed: true, forced_by_deployment: false, ...change }
}

export function sampleDebugStep(change: Partial<ChatDebugStep> = {}): ChatDebugStep {
  return {
    id: sampleId(92),
    run_id: sampleId(90),
    chat_id: sampleId(3),
    step_number: 1,
    operation: 'stream',
    status: 'completed',
    normalized_request: {
      messages: [{ role: 'user', parts: [{ type: 'text', text: 'Mend the login test' }] }],
      tools: [{ name: 'execute', description: 'Runs a command.' }],
      options: { max_output_tokens: 32_000 },
    },
    normalized_response: { content: [{ type: 'text', text: 'It is mended.' }], finish_reason: 'end_turn' },
    usage: { input_tokens: 1200, cache_read_tokens: 800, output_tokens: 40 },
    attempts: [{ number: 1, status: 'completed', duration_ms: 2100 }],
    metadata: {},
    started_at: sampleTime,
    updated_at: later(2100),
    finished_at: later(2100),
    ...change,
  }
}

export function sampleDebugRun(change: Partial<ChatDebugRun> = {}): ChatDebugRun {
  return {
    id: sampleId(90),
    chat_id: sampleId(3),
    kind: 'chat_turn',
    status: 'completed',
    provider: 'anthropic',
    model: 'large-1',
    summary: { step_count: 1, total_input_tokens: 2000, total_output_tokens: 40 },
    started_at: sampleTime,
    updated_at: later(2100),
    finished_at: later(2100),
    steps: [sampleDebugStep()],
    ...change,
  }
}
