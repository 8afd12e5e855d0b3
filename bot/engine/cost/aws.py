"""Resource types of AWS. What makes up a price stands on the page of each service below https://aws.amazon.com/pricing/."""

from __future__ import annotations

from collections.abc import Mapping

from bot.engine.cost.spec import Never, Part, Spec, Times, When, each

VOLUME = "aws-volume"
SPOT: Never = (When("instance_market_options.market_type", ("spot",)), "spot")
TENANCY: Never = (When("tenancy", ("dedicated", "host"), "default"), "tenancy")
PLACED: Never = (When("placement.tenancy", ("dedicated", "host"), "default"), "tenancy")
ENGINES = (
    "custom-oracle-ee custom-sqlserver-ee custom-sqlserver-se custom-sqlserver-web db2-ae db2-se oracle-ee oracle-ee-cdb oracle-se2 "
    "oracle-se2-cdb sqlserver-ee sqlserver-ex sqlserver-se sqlserver-web"
)
LICENSED: Never = (When("engine", tuple(ENGINES.split())), "licence")
OWN_IOPS = When("disk_iops_configuration.mode", ("USER_PROVISIONED",), "AUTOMATIC")
ENDPOINT = When("vpc_endpoint_type", ("Interface", "GatewayLoadBalancer"), "Gateway")
FARGATE = When("launch_type", ("FARGATE",), "EC2")
MULTI_AZ = Times("multi_az", 1, values={"true": 2, "false": 1})


def _volumes(block: str) -> tuple[Part, ...]:
    return (
        Part("{volume_type|gp2}", (Times("volume_size"),), VOLUME, each=block, optional=True),
        Part("iops {volume_type|gp2}", (Times("iops"),), VOLUME, (When("volume_type", ("io1", "io2"), "gp2"),), each=block),
    )


def _machine(*others: Part) -> tuple[Part, ...]:
    return (Part("{instance_type}", record="aws-machine"), *others)


GROUPS = (Times("num_node_groups"), Times("replicas_per_node_group", 0, plus=1))
CLUSTER_MODE = (Times("cluster_mode.num_node_groups"), Times("cluster_mode.replicas_per_node_group", 0, plus=1))
TEMPLATE = _machine(*_volumes("block_device_mappings.ebs"))
MACHINE = _machine(*_volumes("root_block_device"), *_volumes("ebs_block_device"))
SEARCH = Spec(
    (
        Part("{cluster_config.instance_type|m4.large}", (Times("cluster_config.instance_count", 1),)),
        Part(
            "{cluster_config.dedicated_master_type}",
            (Times("cluster_config.dedicated_master_count"),),
            when=(When("cluster_config.dedicated_master_enabled", ("true",), "false"),),
        ),
        Part(
            "{cluster_config.warm_type}",
            (Times("cluster_config.warm_count"),),
            when=(When("cluster_config.warm_enabled", ("true",), "false"),),
        ),
        Part(
            "storage {ebs_options.volume_type|gp2}",
            (Times("ebs_options.volume_size"), Times("cluster_config.instance_count", 1)),
            when=(When("ebs_options.ebs_enabled", ("true",), "false"),),
        ),
        Part(
            "iops {ebs_options.volume_type|gp2}",
            (Times("ebs_options.iops"), Times("cluster_config.instance_count", 1)),
            when=(When("ebs_options.volume_type", ("io1",), "gp2"),),
        ),
    ),
    "aws-search",
    left_out=("transfer",),
)
CACHE = Spec((Part("{node_type}", (Times("num_cache_nodes", 1),)),), "aws-cache", left_out=("backups",))
BALANCER = Spec((Part("{load_balancer_type|application}"),), "aws-balancer", left_out=("capacity", "transfer"))
CLUSTER_DATABASE = Spec(
    (Part("{instance_class}"),), never=((When("instance_class", ("db.serverless",)), "price"),), left_out=("kept", "requests")
)

SPECS: Mapping[str, Spec] = {
    "aws_instance": Spec(MACHINE, never=(SPOT, TENANCY), left_out=("image-volume", "transfer")),
    "aws_spot_instance_request": Spec((), never=((When("instance_type"), "spot"),)),
    "aws_autoscaling_group": Spec(
        TEMPLATE,
        outer=(Times("min_size", upto="max_size"),),
        through=("launch_template.id", "launch_template.name", "launch_configuration"),
        never=(SPOT, PLACED, (When("mixed_instances_policy"), "spot")),
        left_out=("image-volume", "transfer"),
    ),
    "aws_ebs_volume": Spec(
        (
            Part("{type|gp2}", (Times("size"),), VOLUME),
            Part("iops {type|gp2}", (Times("iops"),), VOLUME, (When("type", ("io1", "io2"), "gp2"),)),
        )
    ),
    "aws_db_instance": Spec(
        (
            Part("{instance_class}", (MULTI_AZ,)),
            Part("storage {storage_type|gp2}", (Times("allocated_storage"), MULTI_AZ), optional=True),
            Part("iops {storage_type|gp2}", (Times("iops"), MULTI_AZ), when=(When("storage_type", ("io1", "io2"), "gp2"),)),
        ),
        never=(LICENSED,),
        left_out=("backups", "transfer"),
    ),
    "aws_rds_cluster_instance": CLUSTER_DATABASE,
    "aws_neptune_cluster_instance": CLUSTER_DATABASE,
    "aws_redshift_cluster": Spec((Part("{node_type}", (Times("number_of_nodes", 1),)),), left_out=("kept", "backups")),
    "aws_elasticache_cluster": Spec(
        (Part("{node_type}", (Times("num_cache_nodes", 1),)),), "aws-cache", never=((When("replication_group_id"), "elsewhere"),)
    ),
    "aws_elasticache_replication_group": Spec(
        (
            Part("{node_type}", (Times("num_cache_clusters", 1),), unless=("num_node_groups", "cluster_mode", "number_cache_clusters")),
            Part("{node_type}", (Times("number_cache_clusters"),), when=(When("number_cache_clusters"),)),
            Part("{node_type}", GROUPS, when=(When("num_node_groups"),)),
            Part("{node_type}", CLUSTER_MODE, when=(When("cluster_mode"),)),
        ),
        "aws-cache",
        left_out=("backups",),
    ),
    "aws_elasticsearch_domain": SEARCH,
    "aws_opensearch_domain": SEARCH,
    "aws_eks_cluster": each(),
    "aws_eks_node_group": Spec(
        (Part("{instance_types|t3.medium}", record="aws-machine"), Part("gp2", (Times("disk_size", 20),), VOLUME)),
        outer=(Times("scaling_config.min_size", upto="scaling_config.max_size"),),
        never=((When("capacity_type", ("SPOT",), "ON_DEMAND"), "spot"), (When("launch_template"), "elsewhere")),
    ),
    "aws_ecs_service": Spec(
        (Part("vcpu", (Times("cpu", per=1024),), when=(FARGATE,)), Part("memory", (Times("memory", per=1024),), when=(FARGATE,))),
        outer=(Times("desired_count", 0),),
        through=("task_definition",),
    ),
    "aws_lb": BALANCER,
    "aws_alb": BALANCER,
    "aws_elb": Spec((Part("classic"),), "aws-balancer", left_out=("transfer",)),
    "aws_nat_gateway": each("", "transfer"),
    "aws_eip": each(),
    "aws_vpn_connection": Spec((Part("each"), Part("attachment", when=(When("transit_gateway_id"),))), left_out=("transfer",)),
    "aws_vpc_endpoint": Spec(
        (Part("{vpc_endpoint_type|gateway}", (Times("subnet_ids", 1, length=True),), when=(ENDPOINT,)),), left_out=("transfer",)
    ),
    "aws_dx_connection": Spec((Part("{bandwidth}"),), left_out=("transfer",)),
    "aws_dx_gateway_association": each("", "transfer"),
    "aws_globalaccelerator_accelerator": Spec((Part("each"),), left_out=("transfer",), anywhere=True),
    "aws_networkfirewall_firewall": each("", "transfer", times=(Times("subnet_mapping", length=True),)),
    "aws_kms_key": each("", "requests"),
    "aws_kms_external_key": each("aws_kms_key", "requests"),
    "aws_kms_replica_key": each("aws_kms_key", "requests"),
    "aws_acmpca_certificate_authority": Spec((Part("{usage_mode|general_purpose}"),), left_out=("requests",)),
    "aws_directory_service_directory": Spec(
        (
            Part("{type|simplead} {size|small}", unless=("edition",)),
            Part("{type|simplead} {edition}", (Times("desired_number_of_domain_controllers", 2),), when=(When("edition"),)),
        )
    ),
    "aws_dms_replication_instance": Spec(
        (Part("{replication_instance_class}", (MULTI_AZ,)), Part("storage", (Times("allocated_storage"), MULTI_AZ), optional=True))
    ),
    "aws_fsx_openzfs_file_system": Spec(
        (
            Part("storage", (Times("storage_capacity"),)),
            Part("throughput", (Times("throughput_capacity"),)),
            Part("iops", (Times("disk_iops_configuration.iops"),), when=(OWN_IOPS,)),
        ),
        left_out=("backups",),
    ),
    "aws_fsx_windows_file_system": Spec(
        (Part("storage {storage_type|ssd}", (Times("storage_capacity"),)), Part("throughput", (Times("throughput_capacity"),))),
        left_out=("backups",),
    ),
    "aws_mq_broker": Spec((Part("{engine_type} {host_instance_type} {deployment_mode|single_instance}"),), left_out=("kept",)),
    "aws_msk_cluster": Spec(
        (
            Part("{broker_node_group_info.instance_type}", (Times("number_of_broker_nodes"),)),
            Part(
                "storage",
                (Times("broker_node_group_info.storage_info.ebs_storage_info.volume_size"), Times("number_of_broker_nodes")),
                optional=True,
            ),
        )
    ),
    "aws_mwaa_environment": Spec((Part("{environment_class|mw1.small}"),), left_out=("workers", "kept")),
    "aws_transfer_server": Spec((Part("{protocols|sftp}", (Times("protocols", 1, length=True),)),), left_out=("transfer",)),
    "aws_cloudwatch_dashboard": Spec((Part("each"),), anywhere=True),
    "aws_efs_file_system": Spec(
        (Part("throughput", (Times("provisioned_throughput_in_mibps"),), when=(When("throughput_mode", ("provisioned",), "bursting"),)),),
        left_out=("kept",),
    ),
    "aws_api_gateway_stage": Spec(
        (Part("{cache_cluster_size}", when=(When("cache_cluster_enabled", ("true",), "false"),)),), left_out=("requests",)
    ),
}
