export { KeychainBanner } from './keychain-banner.tsx'
