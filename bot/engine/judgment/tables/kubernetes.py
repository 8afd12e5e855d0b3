"""kubernetes: types that keep something.

Written by `tools/stateful.py` from hashicorp/terraform-provider-kubernetes 3.2.1, commit 3a33fb6c on 2026-11-22.
"""

TABLE = """
kubernetes_config_map config service
 forces metadata.generate_name metadata.name? metadata.namespace=default
 may binary_data data immutable
kubernetes_namespace container-of-all data
 forces metadata.generate_name metadata.name?
kubernetes_namespace_v1 container-of-all data
 forces metadata.generate_name metadata.name?
kubernetes_persistent_volume disk data
 forces metadata.name? spec.node_affinity.required.node_selector_term.match_expressions
  spec.node_affinity.required.node_selector_term.match_expressions.key
  spec.node_affinity.required.node_selector_term.match_expressions.operator
  spec.node_affinity.required.node_selector_term.match_expressions.values spec.node_affinity.required.node_selector_term.match_fields
  spec.node_affinity.required.node_selector_term.match_fields.key spec.node_affinity.required.node_selector_term.match_fields.operator
  spec.node_affinity.required.node_selector_term.match_fields.values spec.persistent_volume_source.azure_file.secret_namespace
  spec.volume_mode=Filesystem
 guards spec.persistent_volume_reclaim_policy:Retain=Retain
kubernetes_persistent_volume_claim disk data
 forces metadata.generate_name metadata.name? metadata.namespace=default spec.access_modes spec.resources.limits spec.selector
  spec.selector.match_expressions spec.selector.match_expressions.key spec.selector.match_expressions.operator
  spec.selector.match_expressions.values spec.selector.match_labels spec.storage_class_name? spec.volume_mode? spec.volume_name?
kubernetes_persistent_volume_claim_v1 disk data
 forces metadata.generate_name metadata.name? metadata.namespace=default spec.access_modes spec.resources.limits spec.selector
  spec.selector.match_expressions spec.selector.match_expressions.key spec.selector.match_expressions.operator
  spec.selector.match_expressions.values spec.selector.match_labels spec.storage_class_name? spec.volume_mode? spec.volume_name?
kubernetes_persistent_volume_v1 disk data
 forces metadata.name? spec.node_affinity.required.node_selector_term.match_expressions
  spec.node_affinity.required.node_selector_term.match_expressions.key
  spec.node_affinity.required.node_selector_term.match_expressions.operator
  spec.node_affinity.required.node_selector_term.match_expressions.values spec.node_affinity.required.node_selector_term.match_fields
  spec.node_affinity.required.node_selector_term.match_fields.key spec.node_affinity.required.node_selector_term.match_fields.operator
  spec.node_affinity.required.node_selector_term.match_fields.values spec.persistent_volume_source.azure_file.secret_namespace
  spec.volume_mode=Filesystem
 guards spec.persistent_volume_reclaim_policy:Retain=Retain
kubernetes_secret secret data
 forces metadata.generate_name metadata.name? metadata.namespace=default type
 may binary_data data immutable
kubernetes_secret_v1 secret data
 forces metadata.generate_name metadata.name? metadata.namespace=default type
 may binary_data data immutable
kubernetes_stateful_set workload-with-disk data
 forces metadata.generate_name metadata.name? metadata.namespace=default spec.pod_management_policy? spec.revision_history_limit?
  spec.selector spec.selector.match_expressions spec.selector.match_expressions.key spec.selector.match_expressions.operator
  spec.selector.match_expressions.values spec.selector.match_labels spec.service_name spec.template.metadata.generate_name
  spec.template.metadata.name? spec.template.metadata.namespace
  spec.template.spec.affinity.node_affinity.preferred_during_scheduling_ignored_during_execution.preference.match_fields
  spec.template.spec.affinity.node_affinity.preferred_during_scheduling_ignored_during_execution.preference.match_fields.key
  spec.template.spec.affinity.node_affinity.preferred_during_scheduling_ignored_during_execution.preference.match_fields.operator
  spec.template.spec.affinity.node_affinity.preferred_during_scheduling_ignored_during_execution.preference.match_fields.values
  spec.template.spec.affinity.node_affinity.required_during_scheduling_ignored_during_execution.node_selector_term.match_fields
  spec.template.spec.affinity.node_affinity.required_during_scheduling_ignored_during_execution.node_selector_term.match_fields.key
  spec.template.spec.affinity.node_affinity.required_during_scheduling_ignored_during_execution.node_selector_term.match_fields.operator
  spec.template.spec.affinity.node_affinity.required_during_scheduling_ignored_during_execution.node_selector_term.match_fields.values
  spec.template.spec.volume.azure_file.secret_namespace spec.template.spec.volume.ephemeral.volume_claim_template.spec.access_modes
  spec.template.spec.volume.ephemeral.volume_claim_template.spec.resources.limits
  spec.template.spec.volume.ephemeral.volume_claim_template.spec.selector
  spec.template.spec.volume.ephemeral.volume_claim_template.spec.selector.match_expressions
  spec.template.spec.volume.ephemeral.volume_claim_template.spec.selector.match_expressions.key
  spec.template.spec.volume.ephemeral.volume_claim_template.spec.selector.match_expressions.operator
  spec.template.spec.volume.ephemeral.volume_claim_template.spec.selector.match_expressions.values
  spec.template.spec.volume.ephemeral.volume_claim_template.spec.selector.match_labels
  spec.template.spec.volume.ephemeral.volume_claim_template.spec.storage_class_name?
  spec.template.spec.volume.ephemeral.volume_claim_template.spec.volume_mode?
  spec.template.spec.volume.ephemeral.volume_claim_template.spec.volume_name? spec.volume_claim_template
  spec.volume_claim_template.metadata.generate_name spec.volume_claim_template.metadata.name?
  spec.volume_claim_template.metadata.namespace=default spec.volume_claim_template.spec.access_modes
  spec.volume_claim_template.spec.resources.limits spec.volume_claim_template.spec.selector
  spec.volume_claim_template.spec.selector.match_expressions spec.volume_claim_template.spec.selector.match_expressions.key
  spec.volume_claim_template.spec.selector.match_expressions.operator spec.volume_claim_template.spec.selector.match_expressions.values
  spec.volume_claim_template.spec.selector.match_labels spec.volume_claim_template.spec.storage_class_name?
  spec.volume_claim_template.spec.volume_mode? spec.volume_claim_template.spec.volume_name?
kubernetes_stateful_set_v1 workload-with-disk data
 forces metadata.generate_name metadata.name? metadata.namespace=default spec.pod_management_policy? spec.revision_history_limit?
  spec.selector spec.selector.match_expressions spec.selector.match_expressions.key spec.selector.match_expressions.operator
  spec.selector.match_expressions.values spec.selector.match_labels spec.service_name spec.template.metadata.generate_name
  spec.template.metadata.name? spec.template.metadata.namespace
  spec.template.spec.affinity.node_affinity.preferred_during_scheduling_ignored_during_execution.preference.match_fields
  spec.template.spec.affinity.node_affinity.preferred_during_scheduling_ignored_during_execution.preference.match_fields.key
  spec.template.spec.affinity.node_affinity.preferred_during_scheduling_ignored_during_execution.preference.match_fields.operator
  spec.template.spec.affinity.node_affinity.preferred_during_scheduling_ignored_during_execution.preference.match_fields.values
  spec.template.spec.affinity.node_affinity.required_during_scheduling_ignored_during_execution.node_selector_term.match_fields
  spec.template.spec.affinity.node_affinity.required_during_scheduling_ignored_during_execution.node_selector_term.match_fields.key
  spec.template.spec.affinity.node_affinity.required_during_scheduling_ignored_during_execution.node_selector_term.match_fields.operator
  spec.template.spec.affinity.node_affinity.required_during_scheduling_ignored_during_execution.node_selector_term.match_fields.values
  spec.template.spec.volume.azure_file.secret_namespace spec.template.spec.volume.ephemeral.volume_claim_template.spec.access_modes
  spec.template.spec.volume.ephemeral.volume_claim_template.spec.resources.limits
  spec.template.spec.volume.ephemeral.volume_claim_template.spec.selector
  spec.template.spec.volume.ephemeral.volume_claim_template.spec.selector.match_expressions
  spec.template.spec.volume.ephemeral.volume_claim_template.spec.selector.match_expressions.key
  spec.template.spec.volume.ephemeral.volume_claim_template.spec.selector.match_expressions.operator
  spec.template.spec.volume.ephemeral.volume_claim_template.spec.selector.match_expressions.values
  spec.template.spec.volume.ephemeral.volume_claim_template.spec.selector.match_labels
  spec.template.spec.volume.ephemeral.volume_claim_template.spec.storage_class_name?
  spec.template.spec.volume.ephemeral.volume_claim_template.spec.volume_mode?
  spec.template.spec.volume.ephemeral.volume_claim_template.spec.volume_name? spec.volume_claim_template
  spec.volume_claim_template.metadata.generate_name spec.volume_claim_template.metadata.name?
  spec.volume_claim_template.metadata.namespace=default spec.volume_claim_template.spec.access_modes
  spec.volume_claim_template.spec.resources.limits spec.volume_claim_template.spec.selector
  spec.volume_claim_template.spec.selector.match_expressions spec.volume_claim_template.spec.selector.match_expressions.key
  spec.volume_claim_template.spec.selector.match_expressions.operator spec.volume_claim_template.spec.selector.match_expressions.values
  spec.volume_claim_template.spec.selector.match_labels spec.volume_claim_template.spec.storage_class_name?
  spec.volume_claim_template.spec.volume_mode? spec.volume_claim_template.spec.volume_name?
kubernetes_storage_class config service
 forces allowed_topologies metadata.generate_name metadata.name? mount_options parameters storage_provisioner volume_binding_mode
 guards reclaim_policy:Retain
kubernetes_storage_class_v1 config service
 forces allowed_topologies metadata.generate_name metadata.name? mount_options parameters storage_provisioner volume_binding_mode
 guards reclaim_policy:Retain
"""
