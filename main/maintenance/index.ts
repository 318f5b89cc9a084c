export { maintenanceRoom } from './router.ts';
