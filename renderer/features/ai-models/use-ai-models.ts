import { useQueryClient } from '@tanstack/react-query'
import type { Output } from '../../api/procedure-types.ts'
import { useChange, useRead } from '../../api/use-call.ts'

export type ModelsAccess = Output<'aiModels.access'>
export type ModelsList = Output<'aiModels.list'>

/** What the user may do around models, and what the deployment has. */
export function useModelsAccess(deploymentId: string) {
  return useRead('aiModels.access', { deploymentId })
}

/** The providers and models of a deployment, for who may manage them. */
export function useModelsList(deploymentId: string) {
  return useRead('aiModels.list', { deploymentId })
}

/** What is read about models, and changes with any of them. */
const reads = [
  ...['aiModels.list', 'aiModels.ownKeys', 'aiModels.find', 'aiModels.switches', 'aiModels.computerUse'],
  'chats.models',
]

/** What can be changed around models; each brings what is shown up to date, also when it failed half-way. */
export function useModelChanges(deploymentId: string) {
  const cache = useQueryClient()
  const options = {
    onSettled: () =>
      Promise.all(reads.map((name) => cache.invalidateQueries({ queryKey: [name, { deploymentId }] }))),
  }
  return {
    createProvider: useChange('aiModels.createProvider', options),
    updateProvider: useChange('aiModels.updateProvider', options),
    deleteProvider: useChange('aiModels.deleteProvider', options),
    createModel: useChange('aiModels.createModel', options),
    updateModel: useChange('aiModels.updateModel', options),
    deleteModel: useChange('aiModels.deleteModel', options),
    setSwitches: useChange('aiModels.setSwitches', options),
    setComputerUse: useChange('aiModels.setComputerUse', options),
    setOwnKey: useChange('aiModels.setOwnKey', options),
    deleteOwnKey: useChange('aiModels.deleteOwnKey', options),
  }
}
