import { parentPort } from 'node:worker_threads';
import { type OrderTask, orderRows } from './order.ts';

/** Entry of the thread that sorts and filters one result. */
parentPort?.once('message', (task: OrderTask) => {
  const order = orderRows(task);
  parentPort?.postMessage(order, [order.buffer as ArrayBuffer]);
});
