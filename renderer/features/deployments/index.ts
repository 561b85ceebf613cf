export { connectionWords, deploymentState } from './deployment-words.ts'
export { useDeployment, useDeployments } from './use-deployments.ts'
