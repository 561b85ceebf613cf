import { useState } from 'react'
import type { AIProvider } from '#bridge/contract/ai-providers'
import type { ChatModelConfig } from '#bridge/contract/chats-models'
import { Button } from '../../ui/button.tsx'
import { PlusIcon, SearchIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { toast } from '../../ui/toast-store.ts'
import { useWindowActions } from '../window/index.ts'
import { FirstSteps } from './first-steps.tsx'
import { FoundSheet } from './found-sheet.tsx'
import { ModelSheet } from './model-sheet.tsx'
import { modelName } from './model-table.tsx'
import { ProviderCard } from './provider-card.tsx'
import { providerName } from './provider-kinds.ts'
import { ProviderSheet } from './provider-sheet.tsx'
import { firstSteps, providerOfStep, type StepName } from './setup-steps.ts'
import type { ModelsAccess, ModelsList } from './use-ai-models.ts'

export interface ManagedModelsProps {
  readonly deploymentId: string
  readonly deploymentName: string
  /** The one the deployment runs on, in words. */
  readonly computer: string
  readonly access: ModelsAccess
  readonly list: ModelsList
}

/** What lies over the page. */
type OpenSheet =
  | { readonly kind: 'provider'; readonly provider: AIProvider | null }
  | { readonly kind: 'model'; readonly provider: AIProvider; readonly model: ChatModelConfig | null }
  | { readonly kind: 'found' }

/** The providers and their models, for who may manage them. */
export function ManagedModels({ deploymentId, deploymentName, computer, access, list }: ManagedModelsProps) {
  const [sheet, setSheet] = useState<OpenSheet>()
  const isReady = firstSteps(list).every(({ isDone }) => isDone)
  // Who came here before anything could work is told when it can.
  const [wasReady] = useState(isReady)
  const openStep = (step: StepName) => {
    const provider = providerOfStep(list, step)
    if (step === 'model' && provider !== undefined) setSheet({ kind: 'model', provider, model: null })
    else setSheet({ kind: 'provider', provider: step === 'key' ? (provider ?? null) : null })
  }
  const find = access.hasFoundModels ? () => setSheet({ kind: 'found' }) : undefined
  return (
    <>
      {isReady ? null : (
        <FirstSteps
          deploymentName={deploymentName}
          computer={computer}
          list={list}
          onStep={openStep}
          onFind={find}
        />
      )}
      {isReady && !wasReady ? <ReadyNotice list={list} /> : null}
      {list.providers.length === 0 ? null : (
        <>
          <div className="flex flex-wrap items-center gap-2">
            <h2 className="mr-auto text-lg font-semibold">
              Providers <span className="num font-normal text-fg-3">{list.providers.length}</span>
            </h2>
            {find === undefined ? null : (
              <Button icon={<SearchIcon />} onClick={find}>
                Look for models on {computer}
              </Button>
            )}
            <Button
              variant={isReady && wasReady ? 'primary' : 'secondary'}
              icon={<PlusIcon />}
              onClick={() => setSheet({ kind: 'provider', provider: null })}
            >
              Add provider
            </Button>
          </div>
          {list.providers.map((provider) => (
            <ProviderCard
              key={provider.id}
              deploymentId={deploymentId}
              provider={provider}
              models={list.models.filter((model) => model.ai_provider_id === provider.id)}
              onEdit={() => setSheet({ kind: 'provider', provider })}
              onAddModel={() => setSheet({ kind: 'model', provider, model: null })}
              onEditModel={(model) => setSheet({ kind: 'model', provider, model })}
            />
          ))}
        </>
      )}
      <Sheet
        deploymentId={deploymentId}
        // Only a deployment of our own kind has either.
        isOutpost={access.hasFoundModels || access.hasSwitches}
        computer={computer}
        list={list}
        sheet={sheet}
        onSheet={setSheet}
      />
    </>
  )
}

function ReadyNotice({ list }: { readonly list: ModelsList }) {
  const actions = useWindowActions()
  const chosen = list.models.find((model) => model.is_default) ?? list.models[0]
  return (
    <Notice
      tone="ok"
      title="Agents are ready"
      actions={
        <Button variant="primary" onClick={actions.goToAgents}>
          Start a chat
        </Button>
      }
    >
      {chosen === undefined ? null : `New chats use ${modelName(chosen)} unless another model is chosen.`}
    </Notice>
  )
}

interface SheetProps {
  readonly deploymentId: string
  readonly isOutpost: boolean
  readonly computer: string
  readonly list: ModelsList
  readonly sheet: OpenSheet | undefined
  readonly onSheet: (sheet: OpenSheet | undefined) => void
}

function Sheet({ deploymentId, isOutpost, computer, list, sheet, onSheet }: SheetProps) {
  const close = () => onSheet(undefined)
  switch (sheet?.kind) {
    case undefined:
      return null
    case 'found':
      return <FoundSheet deploymentId={deploymentId} computer={computer} list={list} onClose={close} />
    case 'provider':
      return (
        <ProviderSheet
          deploymentId={deploymentId}
          isOutpost={isOutpost}
          provider={sheet.provider}
          taken={list.providers.map(({ name }) => name)}
          onClose={close}
          onSaved={(provider, isNew) => {
            toast({ tone: 'ok', title: `${providerName(provider)} is ${isNew ? 'added' : 'saved'}` })
            // A provider alone is of no use: its first model is next.
            onSheet(isNew ? { kind: 'model', provider, model: null } : undefined)
          }}
        />
      )
    case 'model':
      return (
        <ModelSheet
          key={sheet.provider.id}
          deploymentId={deploymentId}
          provider={sheet.provider}
          model={sheet.model}
          onClose={close}
          onSaved={(model, isNew) => {
            toast({ tone: 'ok', title: `${modelName(model)} is ${isNew ? 'added' : 'saved'}` })
            close()
          }}
        />
      )
  }
}
