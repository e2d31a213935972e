"""The operation manual (運用管理マニュアル): its volumes, filled with what the estate declares."""
