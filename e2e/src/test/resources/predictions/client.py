"""A client that knows nothing of Vitrina: bare bodies, queues declared as any client may. client.py PORT"""

import json
import sys

import pika

connection = pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", int(sys.argv[1])))
channel = connection.channel()
channel.queue_declare(queue="features", durable=True)
channel.queue_declare(queue="y_true", durable=True)
channel.queue_declare(queue="y_pred", passive=True)
features = json.loads(sys.argv[2])
channel.basic_publish(exchange="", routing_key="features", body=json.dumps(features))
channel.basic_publish(exchange="", routing_key="y_true", body=json.dumps(302.0))
channel.basic_publish(exchange="", routing_key="y_pred", body=json.dumps(150.647483))
connection.close()
