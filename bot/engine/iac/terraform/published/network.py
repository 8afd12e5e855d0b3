"""Modules of the network: the VPC, and security groups with their rules by name."""

from __future__ import annotations

from bot.engine.iac.terraform.published.inputs import inputs

# Name of a rule → port, or first and last port and protocol: terraform-aws-security-group 5.3.1, rules.tf.
_NAMED = (
    "activemq-5671-tcp:5671 activemq-8883-tcp:8883 activemq-61614-tcp:61614 activemq-61617-tcp:61617 activemq-61619-tcp:61619 "
    "alertmanager-9093-tcp:9093 alertmanager-9094-tcp:9094 carbon-line-in-tcp:2003 carbon-line-in-udp:2003-2003/udp "
    "carbon-pickle-tcp:2013 carbon-pickle-udp:2013-2013/udp carbon-admin-tcp:2004 carbon-gui-udp:8081 cassandra-clients-tcp:9042 "
    "cassandra-thrift-clients-tcp:9160 cassandra-jmx-tcp:7199 consul-tcp:8300 consul-grpc-tcp:8502 consul-grpc-tcp-tls:8503 "
    "consul-webui-http-tcp:8500 consul-webui-https-tcp:8501 consul-dns-tcp:8600 consul-dns-udp:8600-8600/udp consul-serf-lan-tcp:8301 "
    "consul-serf-lan-udp:8301-8301/udp consul-serf-wan-tcp:8302 consul-serf-wan-udp:8302-8302/udp dax-cluster-unencrypted-tcp:8111 "
    "dax-cluster-encrypted-tcp:9111 docker-swarm-mngmt-tcp:2377 docker-swarm-node-tcp:7946 docker-swarm-node-udp:7946-7946/udp "
    "docker-swarm-overlay-udp:4789-4789/udp dns-udp:53-53/udp dns-tcp:53 etcd-client-tcp:2379 etcd-peer-tcp:2380 ntp-udp:123-123/udp "
    "elasticsearch-rest-tcp:9200 elasticsearch-java-tcp:9300 grafana-tcp:3000 graphite-webui:80 graphite-2003-tcp:2003 "
    "graphite-2004-tcp:2004 graphite-2023-tcp:2023 graphite-2024-tcp:2024 graphite-8080-tcp:8080 graphite-8125-tcp:8125 "
    "graphite-8125-udp:8125-8125/udp graphite-8126-tcp:8126 http-80-tcp:80 http-8080-tcp:8080 https-443-tcp:443 https-8443-tcp:8443 "
    "ipsec-500-udp:500-500/udp ipsec-4500-udp:4500-4500/udp kafka-broker-tcp:9092 kafka-broker-tls-tcp:9094 "
    "kafka-broker-tls-public-tcp:9194 kafka-broker-sasl-scram-tcp:9096 kafka-broker-sasl-scram-public-tcp:9196 "
    "kafka-broker-sasl-iam-tcp:9098 kafka-broker-sasl-iam-public-tcp:9198 kafka-jmx-exporter-tcp:11001 kafka-node-exporter-tcp:11002 "
    "kibana-tcp:5601 kubernetes-api-tcp:6443 ldap-tcp:389 ldaps-tcp:636 logstash-tcp:5044 loki-grafana:3100 loki-grafana-grpc:9095 "
    "memcached-tcp:11211 minio-tcp:9000 mongodb-27017-tcp:27017 mongodb-27018-tcp:27018 mongodb-27019-tcp:27019 mysql-tcp:3306 "
    "mssql-tcp:1433 mssql-udp:1434-1434/udp mssql-analytics-tcp:2383 mssql-broker-tcp:4022 nfs-tcp:2049 nomad-http-tcp:4646 "
    "nomad-rpc-tcp:4647 nomad-serf-tcp:4648 nomad-serf-udp:4648-4648/udp openvpn-udp:1194-1194/udp openvpn-tcp:943 "
    "openvpn-https-tcp:443 postgresql-tcp:5432 puppet-tcp:8140 puppetdb-tcp:8081 prometheus-http-tcp:9090 "
    "prometheus-pushgateway-http-tcp:9091 prometheus-node-exporter-http-tcp:9100 promtail-http:9080 oracle-db-tcp:1521 "
    "octopus-tentacle-tcp:10933 rabbitmq-4369-tcp:4369 rabbitmq-5671-tcp:5671 rabbitmq-5672-tcp:5672 rabbitmq-15672-tcp:15672 "
    "rabbitmq-25672-tcp:25672 rdp-tcp:3389 rdp-udp:3389-3389/udp redis-tcp:6379 redshift-tcp:5439 saltstack-tcp:4505-4506/tcp "
    "smtp-tcp:25 smtp-submission-587-tcp:587 smtp-submission-2587-tcp:2587 smtps-465-tcp:465 smtps-2456-tcp:2465 "
    "solr-tcp:8983-8987/tcp splunk-indexer-tcp:9997 splunk-web-tcp:8000 splunk-splunkd-tcp:8089 splunk-hec-tcp:8088 "
    "squid-proxy-tcp:3128 ssh-tcp:22 storm-nimbus-tcp:6627 storm-ui-tcp:8080 storm-supervisor-tcp:6700-6703/tcp vault-tcp:8200 "
    "wazuh-server-agent-connection-tcp:1514 wazuh-server-agent-connection-udp:1514-1514/udp wazuh-server-agent-enrollment:1515 "
    "wazuh-server-agent-cluster-daemon:1516 wazuh-server-syslog-collector-tcp:514 wazuh-server-syslog-collector-udp:514-514/udp "
    "wazuh-server-restful-api:55000 wazuh-indexer-restful-api:9200 wazuh-dashboard:443 web-jmx-tcp:1099 winrm-http-tcp:5985 "
    "winrm-https-tcp:5986 zabbix-server:10051 zabbix-proxy:10051 zabbix-agent:10050 zipkin-admin-tcp:9990 zipkin-admin-query-tcp:9901 "
    "zipkin-admin-web-tcp:9991 zipkin-query-tcp:9411 zipkin-web-tcp:8080 zookeeper-2181-tcp:2181 zookeeper-2182-tls-tcp:2182 "
    "zookeeper-2888-tcp:2888 zookeeper-3888-tcp:3888 zookeeper-jmx-tcp:7199 all-all:-1--1/-1 all-tcp:0-65535/tcp all-udp:0-65535/udp "
    "all-icmp:-1--1/icmp"
)
# Part of the module → the rules that it opens by itself: the same release, modules/*/auto_values.tf.
_PARTS = (
    "ssh=ssh-tcp rdp=rdp-tcp,rdp-udp http-80=http-80-tcp http-8080=http-8080-tcp https-443=https-443-tcp https-8443=https-8443-tcp "
    "mysql=mysql-tcp postgresql=postgresql-tcp mssql=mssql-tcp,mssql-udp,mssql-analytics-tcp,mssql-broker-tcp oracle-db=oracle-db-tcp "
    "mongodb=mongodb-27017-tcp,mongodb-27018-tcp,mongodb-27019-tcp redis=redis-tcp redshift=redshift-tcp memcached=memcached-tcp "
    "elasticsearch=elasticsearch-rest-tcp,elasticsearch-java-tcp "
    "cassandra=cassandra-clients-tcp,cassandra-thrift-clients-tcp,cassandra-jmx-tcp nfs=nfs-tcp smtp=smtp-tcp ldap=ldap-tcp "
    "ldaps=ldaps-tcp winrm=winrm-http-tcp,winrm-https-tcp kafka=kafka-broker-tcp,kafka-broker-tls-tcp "
    "rabbitmq=rabbitmq-4369-tcp,rabbitmq-5671-tcp,rabbitmq-5672-tcp,rabbitmq-15672-tcp,rabbitmq-25672-tcp "
    "zookeeper=zookeeper-2181-tcp,zookeeper-2888-tcp,zookeeper-3888-tcp kibana=kibana-tcp vault=vault-tcp "
    "etcd=etcd-client-tcp,etcd-peer-tcp consul=consul-tcp,consul-webui-http-tcp"
)


def _rule(text: str) -> str:
    name, _, said = text.partition(":")
    ports, _, protocol = said.partition("/")
    first, last = (ports, ports) if not protocol else (ports[: ports.index("-", 1)], ports[ports.index("-", 1) + 1 :])
    return f'    "{name}" = [{first}, {last}, "{protocol or "tcp"}"]'


def _part(text: str) -> str:
    name, _, rules = text.partition("=")
    listed = ", ".join(f'"{rule}"' for rule in rules.split(","))
    return f'    "{name}" = [{listed}]'


def _direction(way: str, names: str, cidrs: str, cidrs6: str) -> str:
    """The rules of one direction: by name, by map, and by map for IPv6."""
    return f"""
resource "aws_security_group_rule" "{way}_rules" {{
  for_each          = toset({names})
  type              = "{way}"
  security_group_id = aws_security_group.this.id
  cidr_blocks       = {cidrs}
  ipv6_cidr_blocks  = {cidrs6}
  from_port         = local.named[each.value][0]
  to_port           = local.named[each.value][1]
  protocol          = local.named[each.value][2]
  description       = "named"
}}
resource "aws_security_group_rule" "{way}_with_cidr_blocks" {{
  count             = length(var.{way}_with_cidr_blocks)
  type              = "{way}"
  security_group_id = aws_security_group.this.id
  cidr_blocks       = compact(split(",", lookup(var.{way}_with_cidr_blocks[count.index], "cidr_blocks", join(",", {cidrs}))))
  from_port         = try(var.{way}_with_cidr_blocks[count.index].from_port, local.named[var.{way}_with_cidr_blocks[count.index].rule][0])
  to_port           = try(var.{way}_with_cidr_blocks[count.index].to_port, local.named[var.{way}_with_cidr_blocks[count.index].rule][1])
  protocol          = try(var.{way}_with_cidr_blocks[count.index].protocol, local.named[var.{way}_with_cidr_blocks[count.index].rule][2])
  description       = lookup(var.{way}_with_cidr_blocks[count.index], "description", "{way} rule")
}}
resource "aws_security_group_rule" "{way}_with_ipv6_cidr_blocks" {{
  count             = length(var.{way}_with_ipv6_cidr_blocks)
  type              = "{way}"
  security_group_id = aws_security_group.this.id
  ipv6_cidr_blocks  = compact(split(",", lookup(var.{way}_with_ipv6_cidr_blocks[count.index], "ipv6_cidr_blocks", join(",", {cidrs6}))))
  from_port         = try(var.{way}_with_ipv6_cidr_blocks[count.index].from_port, local.named[var.{way}_with_ipv6_cidr_blocks[count.index].rule][0])
  to_port           = try(var.{way}_with_ipv6_cidr_blocks[count.index].to_port, local.named[var.{way}_with_ipv6_cidr_blocks[count.index].rule][1])
  protocol          = try(var.{way}_with_ipv6_cidr_blocks[count.index].protocol, local.named[var.{way}_with_ipv6_cidr_blocks[count.index].rule][2])
  description       = lookup(var.{way}_with_ipv6_cidr_blocks[count.index], "description", "{way} rule")
}}
"""


_GROUP = (
    inputs(
        'name vpc_id description="managed" ingress_cidr_blocks=[] ingress_ipv6_cidr_blocks=[] ingress_rules=[] '
        'ingress_with_cidr_blocks=[] ingress_with_ipv6_cidr_blocks=[] egress_cidr_blocks=["0.0.0.0/0"] egress_ipv6_cidr_blocks=["::/0"] '
        "egress_rules=[] egress_with_cidr_blocks=[] egress_with_ipv6_cidr_blocks=[] auto_ingress_rules auto_egress_rules tags={}"
    )
    + "locals {\n  named = {\n"
    + "\n".join(map(_rule, _NAMED.split()))
    + "\n  }\n  parts = {\n"
    + "\n".join(map(_part, _PARTS.split()))
    + """
  }
  opened = var.auto_ingress_rules == null ? lookup(local.parts, var.part, []) : var.auto_ingress_rules
  left   = var.auto_egress_rules == null ? (var.part == "" ? [] : ["all-all"]) : var.auto_egress_rules
}
resource "aws_security_group" "this" {
  name        = var.name
  description = var.description
  vpc_id      = var.vpc_id
  tags        = var.tags
  ingress     = []
  egress      = []
}
output "security_group_id" {
  value = aws_security_group.this.id
}
"""
    + _direction("ingress", "concat(var.ingress_rules, local.opened)", "var.ingress_cidr_blocks", "var.ingress_ipv6_cidr_blocks")
    + _direction("egress", "concat(var.egress_rules, local.left)", "var.egress_cidr_blocks", "var.egress_ipv6_cidr_blocks")
)
_NETWORK = (
    inputs("name cidr tags={} enable_flow_log=false map_public_ip_on_launch public_subnets=[] private_subnets=[] create_vpc=true")
    + inputs("manage_default_security_group default_security_group_ingress=[] default_security_group_egress=[]").partition(
        'variable "major"'
    )[0]
    + """
resource "aws_vpc" "this" {
  cidr_block = var.cidr
  tags       = var.tags
}
resource "aws_subnet" "public" {
  count                   = length(var.public_subnets)
  vpc_id                  = aws_vpc.this.id
  cidr_block              = var.public_subnets[count.index]
  map_public_ip_on_launch = var.map_public_ip_on_launch == null ? var.major < 4 : var.map_public_ip_on_launch
}
resource "aws_default_security_group" "this" {
  count   = (var.manage_default_security_group == null ? var.major >= 4 : var.manage_default_security_group) ? 1 : 0
  vpc_id  = aws_vpc.this.id
  ingress = var.default_security_group_ingress
  egress  = var.default_security_group_egress
}
resource "aws_flow_log" "this" {
  count  = var.enable_flow_log ? 1 : 0
  vpc_id = aws_vpc.this.id
}
output "vpc_id" {
  value = aws_vpc.this.id
}
"""
)

# Module → the first and the newest major version that the form holds for, and the form.
NETWORK: dict[str, tuple[int, int, str]] = {"security-group": (2, 5, _GROUP), "vpc": (2, 6, _NETWORK)}
