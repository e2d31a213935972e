"""The provider `twin`: typed resources with their handlers, served to the Pulumi engine over gRPC."""
