import { contextBridge, ipcRenderer } from 'electron';

// Tells the page that it is in the desktop, and so to ask for a port instead of a socket.
contextBridge.exposeInMainWorld('howdahDesktop', true);

// The page makes a channel and posts one end to itself; that end goes on to the main process, nothing else does.
window.addEventListener('message', (event) => {
  const [port] = event.ports;
  if (event.source !== window || event.data !== 'howdah:port' || !port) return;
  ipcRenderer.postMessage('howdah:port', null, [port]);
});
