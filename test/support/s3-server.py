"""All of OpenStack Swift with its S3 API in one process, on loopback: FOLDER PORT ACCOUNT:USER SECRET, and more users."""
import os
import sys

import eventlet
from eventlet import wsgi

eventlet.patcher.monkey_patch(all=False, socket=True, select=True, thread=True, time=True)

from swift.common import constraints, storage_policy, utils

folder, port, users = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
kinds = ('account', 'container', 'object')
sockets = {kind: eventlet.listen(('127.0.0.1', 0), backlog=128) for kind in kinds}
sockets['proxy'] = eventlet.listen(('127.0.0.1', port), backlog=128)


def write(name, text):
    path = os.path.join(folder, name)
    with open(path, 'w') as file:
        file.write(text)
    return path


utils.SWIFT_CONF_FILE = write('swift.conf', """
[swift-hash]
swift_hash_path_suffix = test
swift_hash_path_prefix = test
[storage-policy:0]
name = one
default = yes
""")
constraints.reload_constraints()
storage_policy.reload_storage_policies()
utils.validate_hash_conf()

from swift.common.ring import RingBuilder

os.makedirs(os.path.join(folder, 'disks', 'one'), exist_ok=True)
for kind in kinds:
    builder = RingBuilder(1, 1, 1)
    at = sockets[kind].getsockname()[1]
    builder.add_dev({
        'region': 1, 'zone': 1, 'ip': '127.0.0.1', 'port': at, 'device': 'one', 'weight': 1, 'meta': '',
        'replication_ip': '127.0.0.1', 'replication_port': at,
    })
    builder.rebalance()
    builder.get_ring().save(os.path.join(folder, kind + '.ring.gz'))

common = f"""
[DEFAULT]
swift_dir = {folder}
devices = {folder}/disks
mount_check = false
fallocate_reserve = 0
disable_fallocate = true
"""
files = {
    kind: write(kind + '.conf', common + f"""
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
""")
    for kind in kinds
}
names = ['catch_errors', 'gatekeeper', 'cache', 'listing_formats', 'bulk', 's3api', 'tempauth', 'slo', 'dlo',
         'versioned_writes']
options = {
    'cache': ['memcache_servers = 127.0.0.1:1'],
    'slo': ['max_manifest_segments = 10000'],
    's3api': ['max_upload_part_num = 10000'],
    'tempauth': [],
}
for user in users:
    name, secret, *groups = user.split(' ')
    options['tempauth'].append(f'user_{name.replace(":", "_")} = {secret} {" ".join(groups)}')
filters = ''.join(
    f'[filter:{name}]\nuse = egg:swift#{"memcache" if name == "cache" else name}\n'
    + ''.join(line + '\n' for line in options.get(name, []))
    for name in names)
files['proxy'] = write('proxy.conf', common + f"""
[pipeline:main]
pipeline = {' '.join(names)} proxy-server
{filters}
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
""")

from swift.common.wsgi import SwiftHttpProtocol, loadapp

pool = eventlet.GreenPool()
for kind, conf in files.items():
    app = loadapp(conf, global_conf={'log_name': kind})
    # The SDK wants ETag, and eventlet would make Etag of it.
    pool.spawn(wsgi.server, sockets[kind], app, utils.NullLogger(), protocol=SwiftHttpProtocol,
               capitalize_response_headers=False)
print('ready', flush=True)
pool.waitall()
