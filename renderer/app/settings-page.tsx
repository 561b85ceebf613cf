import type { ReactNode } from 'react'
import { AiModelsSettings } from '../features/ai-models/ai-models-settings.tsx'
import { AgentsSettings } from '../features/chat-governance/agents-settings.tsx'
import { DeploymentsSettings } from '../features/deployments/deployments-settings.tsx'
import { DictationSettings } from '../features/dictation/dictation-settings.tsx'
import { KeychainSettings } from '../features/keychain/keychain-settings.tsx'
import { McpServersSettings } from '../features/mcp-servers/mcp-servers-settings.tsx'
import { AboutSettings } from '../features/settings/about-settings.tsx'
import { GeneralSettings } from '../features/settings/general-settings.tsx'
import { useWindowActions, type SettingsSection } from '../features/window/index.ts'
import { PageHeader } from '../ui/page-header.tsx'
import { TabPanel, Tabs } from '../ui/tabs.tsx'

const sections: readonly { readonly value: SettingsSection; readonly label: string }[] = [
  { value: 'general', label: 'General' },
  { value: 'deployments', label: 'Deployments' },
  { value: 'models', label: 'Models' },
  { value: 'agents', label: 'Agents' },
  { value: 'mcp-servers', label: 'MCP servers' },
  { value: 'dictation', label: 'Dictation' },
  { value: 'keychain', label: 'Keychain' },
  { value: 'about', label: 'About' },
]

/** Sections that use the whole width of the page. */
const wide = {
  models: <AiModelsSettings />,
  agents: <AgentsSettings />,
  'mcp-servers': <McpServersSettings />,
} as const satisfies Partial<Record<SettingsSection, ReactNode>>

const bodies: Record<Exclude<SettingsSection, keyof typeof wide>, ReactNode> = {
  general: <GeneralSettings />,
  deployments: <DeploymentsSettings />,
  dictation: <DictationSettings />,
  keychain: <KeychainSettings />,
  about: <AboutSettings />,
}

function bodyOf(section: SettingsSection): ReactNode {
  switch (section) {
    case 'models':
    case 'agents':
    case 'mcp-servers':
      return wide[section]
    default:
      return <div className="mx-auto flex max-w-[760px] flex-col gap-4 p-5">{bodies[section]}</div>
  }
}

/** The settings, one section at a time. */
export function SettingsPage({ section }: { readonly section: SettingsSection }) {
  const actions = useWindowActions()
  return (
    <>
      <PageHeader title="Settings" />
      <Tabs aria-label="Settings" items={sections} value={section} onChange={actions.goToSettings}>
        <TabPanel value={section}>{bodyOf(section)}</TabPanel>
      </Tabs>
    </>
  )
}
