export { connectionWords, deploymentState } from './deployment-words.ts'
export { useDeployment, useDeployments, type DeploymentsView } from './use-deployments.ts'
