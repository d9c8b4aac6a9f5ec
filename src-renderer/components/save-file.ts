/** Lets the browser save what an address holds under a name that every file system takes. */
export function saveFile(url: string, name: string): void {
  const link = document.createElement('a')
  link.href = url
  link.download = name.replaceAll(/[\\/:*?"<>|\s]+/g, '-')
  link.click()
}

export function saveText(text: string, name: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  saveFile(url, name)
  URL.revokeObjectURL(url)
}
