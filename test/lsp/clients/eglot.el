;;; A session of Emacs with Eglot: what its user sees is written to REPORT, one line each step.  -*- lexical-binding: t -*-
(require 'package)
(package-initialize)
(require 'eglot)

(defvar root (file-name-as-directory (getenv "ROOT")))
(defvar published (make-hash-table :test 'equal))

(cl-defmethod eglot-handle-notification :after
  (_server (_method (eql textDocument/publishDiagnostics)) &key uri diagnostics &allow-other-keys)
  (puthash (eglot--uri-to-path uri) diagnostics published))

(defun say (step) (append-to-file (concat step "\n") nil (getenv "REPORT")))

(defun severity ()
  "Of the session finding in server.js; nil: there is none."
  (let ((found (seq-find (lambda (one) (equal (plist-get one :code) "session-in-memory"))
                         (gethash (concat root "server.js") published))))
    (and found (plist-get found :severity))))

(defun wait (what holds)
  (with-timeout (20 (say (concat "failed: " what)) (kill-emacs 1))
    (while (not (funcall holds)) (accept-process-output nil 0.05)))
  (say what))

(defun open (path) (let ((buffer (find-file-noselect (concat root path)))) (with-current-buffer buffer (text-mode)) buffer))

(defun replace (from to)
  (goto-char (point-min))
  (search-forward from)
  (replace-match to t t)
  (eglot--signal-textDocument/didChange))

(setq eglot-server-programs `((text-mode . (,(getenv "NODE") ,(getenv "CLI") "lsp" "--stdio"))) eglot-events-buffer-size 0)
(let ((package (open "package.json")) (manifest (open "k8s/deployment.yaml")) (server (open "server.js")))
  (ignore package)
  (with-current-buffer server (apply #'eglot--connect (eglot--guess-contact)))
  (wait "an error in the server" (lambda () (eql (severity) 1)))
  (with-current-buffer manifest (replace "replicas: 3" "replicas: 1"))
  (wait "a weaker finding, the manifest not saved" (lambda () (and (buffer-modified-p manifest) (severity) (not (eql (severity) 1)))))
  (with-current-buffer manifest (replace "replicas: 1" "replicas: 3"))
  (wait "the error again" (lambda () (eql (severity) 1)))
  (with-current-buffer server
    (let* ((place '(:line 3 :character 0))
           (actions (jsonrpc-request (eglot--current-server-or-lose) :textDocument/codeAction
                                     (list :textDocument (eglot--TextDocumentIdentifier)
                                           :range (list :start place :end place)
                                           :context '(:diagnostics [] :only ["quickfix"] :triggerKind 1))))
           (chosen (seq-find (lambda (one) (string-match-p "Redis" (plist-get one :title))) actions)))
      (eglot--apply-workspace-edit (plist-get chosen :edit))))
  (save-some-buffers t)
  (wait "no finding" (lambda () (not (severity)))))
(kill-emacs 0)
