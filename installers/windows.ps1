<#
.SYNOPSIS
Sets Archwire up on Windows 10 or 11, 64 bits. Not run by its authors: installers/README.md says so.

.DESCRIPTION
Finds Python 3.11 or newer (with the py launcher, or python on the PATH), then calls installers\bootstrap.py, which
makes the isolated environment in .venv and installs the locked requirements, each file checked against its SHA-256.
It installs nothing elsewhere, needs no administrator, and can be run again at any time: without a change in the locks
it returns at once.

.PARAMETER Run
Start Archwire with demonstration data afterwards.

.PARAMETER Dev
Also install what the checks and tests need.

.EXAMPLE
powershell -ExecutionPolicy Bypass -File installers\windows.ps1 -Run
#>
[CmdletBinding()]
param(
    [switch] $Run,
    [switch] $Dev
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Set-Location -Path (Split-Path -Parent $PSScriptRoot)

function Stop-WithSentence([string] $Sentence) {
    [Console]::Error.WriteLine($Sentence)
    exit 1
}

# Answers the command that starts a Python 3.11 or newer of 64 bits, or nothing. The Python of the Windows Store's
# placeholder exits with an error here, like a Python that is too old.
function Find-Python {
    $candidates = @(
        @('py', '-3.13'), @('py', '-3.12'), @('py', '-3.11'), @('py', '-3.14'), @('py', '-3'), @('python'), @('python3')
    )
    foreach ($candidate in $candidates) {
        if (-not (Get-Command $candidate[0] -ErrorAction SilentlyContinue)) { continue }
        $options = @($candidate | Select-Object -Skip 1)
        try {
            & $candidate[0] @options -c 'import sys; sys.exit(sys.version_info < (3, 11) or sys.maxsize < 2**32)' *> $null
        }
        catch {
            continue
        }
        if ($LASTEXITCODE -eq 0) { return , $candidate }
    }
}

$version = [Environment]::OSVersion.Version
if ($version.Major -lt 10) { Stop-WithSentence "Archwire needs Windows 10 or 11; this is Windows $version." }
if ($env:PROCESSOR_ARCHITECTURE -ne 'AMD64') {
    Stop-WithSentence "Archwire is built for 64-bit x64 processors; this is $env:PROCESSOR_ARCHITECTURE."
}

$python = Find-Python
if (-not $python) {
    Stop-WithSentence 'Python 3.11 or newer is missing. Type: winget install Python.Python.3.12'
}

$arguments = @($python | Select-Object -Skip 1) + @('installers\bootstrap.py')
if ($Dev) { $arguments += '--dev' }
& $python[0] @arguments
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }

if ($Run) {
    & '.venv\Scripts\python.exe' main.py demo
    exit $LASTEXITCODE
}
Write-Output 'To start Archwire, type: .venv\Scripts\python.exe main.py demo'
