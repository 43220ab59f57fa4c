import { rootHttpRouterServiceFactory } from '@backstage/backend-defaults/rootHttpRouter';
import { Server } from 'node:http';
import { Socket } from 'node:net';

const LAST_ANSWERS_MS = 1000;

/**
 * The HTTP server of the portal, which stops within a second.
 *
 * @remarks
 * A stopping server waits for every connection, and some never end by themselves: log streams,
 * the WebSockets of open pages, the long polls of the event bus. The plugins have stopped
 * before it, so after a moment for the last answers nothing is lost by closing what is left.
 */
export const httpServerFactory = rootHttpRouterServiceFactory({
  configure({ applyDefaults, server, lifecycle }) {
    applyDefaults();
    const sockets = trackSockets(server);
    lifecycle.addShutdownHook(async () => {
      setTimeout(() => {
        sockets.forEach(socket => socket.destroy());
      }, LAST_ANSWERS_MS).unref();
    });
  },
});

function trackSockets(server: Server): Set<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', socket => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}
