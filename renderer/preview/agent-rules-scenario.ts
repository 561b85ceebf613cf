import type { AgentAdvisor, AgentInstructions, AgentLifecycle, AgentModels } from '#ipc/agent-rules'
import { failure, type FakeBridge } from '../testing/fake-bridge.ts'

/** What holds for all agents, by scenario: `rules-changed` is always a step behind a colleague. */
export function answerAgentRules(fake: FakeBridge, scenario: string): void {
  const defaultText =
    'You are a software engineer who works in a workspace by tools. Look before you change.\nMake the smallest change that does what was asked, and run what proves it.'
  let instructions: AgentInstructions = {
    systemPrompt: { text: 'Open pull requests as drafts.', includesDefault: true, defaultText },
    planMode: '',
  }
  let lifecycle: AgentLifecycle = { workspaceTtlMs: 28_800_000, retentionDays: 0, autoArchiveDays: 30 }
  let templates: readonly string[] = []
  let models: AgentModels = {
    tasks: [
      { task: 'general', modelConfigId: '', isMalformed: false },
      { task: 'explore', modelConfigId: '', isMalformed: false },
      { task: 'title_generation', modelConfigId: 'gone', isMalformed: true },
      { task: 'compaction', modelConfigId: '', isMalformed: false },
    ],
    allowsPersonal: false,
  }
  let advisor: AgentAdvisor = {
    enabled: true,
    maySwitch: false,
    maxUses: 3,
    maxTokens: 16_384,
    modelConfigId: '',
    effort: '',
  }
  const refuse = (): void => {
    if (scenario === 'rules-changed')
      throw failure<'agentRules.setSystemPrompt'>(
        'changed_meanwhile',
        'Somebody else has changed this meanwhile.',
      )
  }
  fake.answer('agentRules.instructions', () => instructions)
  fake.answer('agentRules.setSystemPrompt', ({ wished }) => {
    const text = scenario === 'rules-changed' ? `${wished.text} And run the tests.` : wished.text
    instructions = { ...instructions, systemPrompt: { ...wished, text, defaultText } }
    refuse()
    return null
  })
  fake.answer('agentRules.setPlanMode', ({ wished }) => {
    instructions = { ...instructions, planMode: wished }
    return null
  })
  fake.answer('agentRules.lifecycle', () => lifecycle)
  fake.answer('agentRules.setLifecycle', ({ name, wished }) => {
    lifecycle = { ...lifecycle, [name]: wished }
    return null
  })
  fake.answer('agentRules.templates', () => [...templates])
  fake.answer('agentRules.setTemplates', ({ wished }) => {
    templates = wished
    return null
  })
  fake.answer('agentRules.models', () => models)
  fake.answer('agentRules.setTaskModel', ({ task, wished }) => {
    const tasks = models.tasks.map((one) =>
      one.task === task ? { task, modelConfigId: wished, isMalformed: false } : one,
    )
    models = { ...models, tasks }
    return null
  })
  fake.answer('agentRules.advisor', () => advisor)
  fake.answer('agentRules.setAdvisor', ({ wished }) => {
    advisor = { ...advisor, ...wished }
    return null
  })
  fake.answer('agentRules.setPersonalModels', ({ allows }) => {
    models = { ...models, allowsPersonal: allows }
    return null
  })
}
