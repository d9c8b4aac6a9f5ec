import { serveActs } from '../thread/serve-acts.ts'
import { densityActs } from './measure-instances.ts'

serveActs(densityActs, { onAuthor: () => {} })
