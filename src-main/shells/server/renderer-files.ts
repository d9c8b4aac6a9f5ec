import { stat } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { serveFile } from '../../core/media/serve.ts'

/** Scripts and styles only from our own files; `data:` and `blob:` for what the page draws itself. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** A file of the built renderer; every other path is the page itself, whose router reads the address. */
export async function rendererFile(dir: string, request: Request): Promise<Response> {
  const path = decoded(new URL(request.url).pathname)
  const asked = normalize(join(dir, path))
  const isInside = asked.startsWith(dir + sep)
  const file = isInside && extname(asked) !== '' && (await isFile(asked)) ? asked : join(dir, 'index.html')
  if (!(await isFile(file)))
    return new Response('The window is not built yet. Run: npm run build', { status: 503 })
  const response = await serveFile(request, file)
  response.headers.set('content-security-policy', CONTENT_SECURITY_POLICY)
  response.headers.set('x-content-type-options', 'nosniff')
  response.headers.set('referrer-policy', 'no-referrer')
  response.headers.set(
    'cache-control',
    path.startsWith('/assets/') ? 'max-age=31536000, immutable' : 'no-cache',
  )
  return response
}

/** An address that decodes to nothing names no file of ours. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return '/'
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}
