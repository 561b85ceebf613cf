export { Failure, inWords, toastFailure } from './failure.tsx'
export { useModelsAccess } from './use-ai-models.ts'
