"""What is stored: mapped columns and constraints, no behaviour."""

from funding_app.models.applications import (
    AnswerSection,
    Application,
    Attachment,
    FundingShare,
    Submission,
)
from funding_app.models.base import Base, new_id
from funding_app.models.documents import Document, MailDelivery
from funding_app.models.engine import (
    Approval,
    AuditSeal,
    IdempotencyKey,
    LogPayload,
    LogRecord,
    NumberSeries,
    OutboxMessage,
    Process,
    SealedRecord,
    StoredDefinition,
    Task,
    Timer,
    VersionChange,
)
from funding_app.models.forms import FormVersion
from funding_app.models.parameters import RuleValue
from funding_app.models.people import (
    ApiToken,
    FailedSignIn,
    Invitation,
    Organisation,
    RoleAssignment,
    UserAccount,
    UserSession,
)
from funding_app.models.procedures import (
    CoSignature,
    LabCapacity,
    LabHours,
    PaymentRequest,
    Procedure,
    Receipt,
    Report,
    Review,
)
from funding_app.models.programmes import BudgetEntry, BudgetLine, Call, CallShare, Programme
from funding_app.models.together import Message, SectionPresence

__all__ = [
    "AnswerSection",
    "ApiToken",
    "Application",
    "Approval",
    "Attachment",
    "AuditSeal",
    "Base",
    "BudgetEntry",
    "BudgetLine",
    "Call",
    "CallShare",
    "CoSignature",
    "Document",
    "FailedSignIn",
    "FormVersion",
    "FundingShare",
    "IdempotencyKey",
    "Invitation",
    "LabCapacity",
    "LabHours",
    "LogPayload",
    "LogRecord",
    "MailDelivery",
    "Message",
    "NumberSeries",
    "Organisation",
    "OutboxMessage",
    "PaymentRequest",
    "Procedure",
    "Process",
    "Programme",
    "Receipt",
    "Report",
    "Review",
    "RoleAssignment",
    "RuleValue",
    "SealedRecord",
    "SectionPresence",
    "StoredDefinition",
    "Submission",
    "Task",
    "Timer",
    "UserAccount",
    "UserSession",
    "VersionChange",
    "new_id",
]
